package dev.parlo.spark;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.audio.AudioProbe;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.vad.SpeechScan;
import dev.parlo.engine.vad.SpeechSpan;
import dev.parlo.engine.vad.VadOptions;
import java.io.IOException;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.function.VoidFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads some recordings once, on an executor: how long each is, who speaks when, and in which
 * pieces it is transcribed. What is wrong with one is its error.
 */
final class SurveyTask implements VoidFunction<ArrayList<Recording>> {
    @Serial private static final long serialVersionUID = 1;

    /** Also short pauses, without anything around the speech: a cut needs no more. */
    private static final VadOptions PAUSES =
            new VadOptions(0.5, null, 0, Double.POSITIVE_INFINITY, 200, 0);

    private final ArchiveOptions options;
    private final Checkpoint checkpoint;
    private final @Nullable WebSettings web;

    SurveyTask(ArchiveOptions options, Checkpoint checkpoint, @Nullable WebSettings web) {
        this.options = options;
        this.checkpoint = checkpoint;
        this.web = web;
    }

    @Override
    public void call(ArrayList<Recording> recordings) throws IOException {
        GuardedWork guarded = GuardedWork.ofTask(checkpoint);
        List<Survey> surveys = new ArrayList<>();
        try (ExecutorEngines.Lease lease = ExecutorEngines.lend(options)) {
            for (Recording recording : recordings) {
                surveys.add(
                        guarded.run(recording.key(), () -> survey(recording, lease.engines()))
                                .orElseGet(() ->
                                        Survey.failed(recording, GuardedWork.failure())));
            }
        }
        checkpoint.keep(Checkpoint.SURVEYS, surveys);
    }

    private Survey survey(Recording recording, Engines engines) {
        try {
            String audio =
                    recording.onTheWeb()
                            ? fetched(recording)
                            : recording.address();
            try (LocalFile file =
                    LocalFile.of(audio, options.limits().bytes(), checkpoint.configuration())) {
                return survey(recording, audio, engines.audio(file.path()), engines);
            }
        } catch (EngineException refused) {
            return Survey.failed(recording, Failure.ofRecording(refused));
        } catch (WebSettings.NotFetched refused) {
            return Survey.failed(recording, new Failure("not_fetched", String.valueOf(refused.getMessage())));
        } catch (IOException | IllegalArgumentException unreadable) {
            return Survey.failed(recording, Failure.unreadable(unreadable));
        }
    }

    private String fetched(Recording recording) throws IOException {
        if (web == null) {
            throw new WebSettings.NotFetched("Recordings are not fetched from the web here.", null);
        }
        return web.fetch(recording, options.limits().bytes(), checkpoint);
    }

    private Survey survey(
            Recording recording, String address, AudioSource audio, Engines engines) {
        Cancellation cancellation = new Cancellation();
        long length = AudioProbe.measure(audio, cancellation).samples();
        if (length == 0) {
            throw new EngineException(
                    EngineException.Category.BAD_AUDIO, "The recording has no audio.");
        }
        List<SpeechSpan> speech =
                length > options.longestSamples()
                        ? new SpeechScan(engines.detector()).spans(audio, PAUSES, cancellation)
                        : List.of();
        List<Survey.Span> pieces = new ArrayList<>();
        long from = 0;
        for (long to : new PieceCutter(options.longestSamples()).ends(speech, length)) {
            pieces.add(new Survey.Span(from, to, seconds(audio, from), seconds(audio, to)));
            from = to;
        }
        return new Survey(
                recording.key(),
                recording.address(),
                address,
                seconds(audio, length),
                pieces,
                engines.turns(audio, cancellation),
                audio.truncation().orElse(null),
                null,
                System.currentTimeMillis());
    }

    private static double seconds(AudioSource audio, long samples) {
        return audio.times().start((double) samples / AudioSource.SAMPLE_RATE);
    }
}
