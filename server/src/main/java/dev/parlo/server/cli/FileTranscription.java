package dev.parlo.server.cli;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.Segment;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.audio.AudioProbe;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.server.transcription.SpokenLanguage;
import dev.parlo.server.transcription.TranscriptionJob;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Transcribes one file, with a progress bar at a terminal. */
final class FileTranscription implements SegmentSink {
    private final List<Segment> segments = new ArrayList<>();
    private final @Nullable AudioProgress progress;

    private FileTranscription(@Nullable AudioProgress progress) {
        this.progress = progress;
    }

    /** Returns the transcript as the job wants it written. */
    static String run(
            SpeechToText engine,
            AudioSource source,
            TranscriptionJob job,
            Cancellation cancellation,
            PrintWriter err) {
        TranscribeOptions options = SpokenLanguage.in(job.options(), engine);
        try (AudioProgress progress = onTerminal() ? progress(source, cancellation) : null) {
            FileTranscription sink = new FileTranscription(progress);
            Transcript transcript = engine.transcribe(source, options, sink, cancellation);
            String truncation = source.truncation().orElse(null);
            if (truncation != null) {
                err.println("parlo: The audio is not whole. " + truncation);
            }
            return job.writer().write(transcript, sink.segments, truncation);
        } finally {
            err.flush();
        }
    }

    private static AudioProgress progress(AudioSource source, Cancellation cancellation) {
        return AudioProgress.transcribing(
                AudioProbe.measure(source, cancellation).durationSeconds());
    }

    private static boolean onTerminal() {
        return CommandOutput.atTerminal();
    }

    @Override
    public void accept(Segment segment) {
        segments.add(segment);
    }

    @Override
    public void progress(double audioSeconds) {
        if (progress != null) {
            progress.at(audioSeconds);
        }
    }
}
