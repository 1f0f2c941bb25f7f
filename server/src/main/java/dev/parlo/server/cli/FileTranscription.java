package dev.parlo.server.cli;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.Segment;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.audio.AudioProbe;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.OpenedAudio;
import dev.parlo.registry.ModelTask;
import dev.parlo.server.models.ModelLeases;
import dev.parlo.server.speaker.VoiceReferences;
import dev.parlo.server.transcription.TranscriptionJob;
import dev.parlo.server.transcription.TranscriptionPipeline;
import dev.parlo.server.transcription.TranscriptionPipeline.Result;
import dev.parlo.server.transcription.TranscriptionPipeline.Work;
import java.io.PrintWriter;
import java.nio.file.Path;
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
            TranscriptionPipeline pipeline,
            ModelLeases models,
            Path file,
            TranscriptionJob job,
            Cancellation cancellation,
            PrintWriter err) {
        try (OpenedAudio source = pipeline.open(file, null);
                AudioProgress progress = onTerminal() ? progress(source, cancellation) : null;
                ModelLeases.Place place =
                        models.admit(
                                null,
                                ModelTask.AUTOMATIC_SPEECH_RECOGNITION,
                                Priority.INTERACTIVE,
                                cancellation)) {
            pipeline.check(source, job.options(), cancellation);
            FileTranscription sink = new FileTranscription(progress);
            Result result =
                    pipeline.run(
                            new Work(
                                    source,
                                    job.options(),
                                    job.speech(),
                                    pipeline.speakers(
                                            job.speakers(),
                                            file,
                                            null,
                                            source,
                                            VoiceReferences.none(),
                                            cancellation),
                                    place,
                                    null),
                            sink);
            return job.writer()
                    .write(result.transcript(), sink.segments, result.truncation().orElse(null));
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
