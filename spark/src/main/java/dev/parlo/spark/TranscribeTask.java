package dev.parlo.spark;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.Segment;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.audio.TimeMap;
import dev.parlo.engine.speaker.SpeakerSpans;
import dev.parlo.engine.vad.SpeechAudio;
import dev.parlo.engine.vad.VadOptions;
import java.io.IOException;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.VoidFunction;

/** Transcribes some pieces, on an executor. What is wrong with one is its error. */
final class TranscribeTask implements VoidFunction<ArrayList<Piece>> {
    @Serial private static final long serialVersionUID = 1;

    private final ArchiveOptions options;
    private final Checkpoint checkpoint;

    TranscribeTask(ArchiveOptions options, Checkpoint checkpoint) {
        this.options = options;
        this.checkpoint = checkpoint;
    }

    @Override
    public void call(ArrayList<Piece> pieces) throws IOException {
        GuardedWork guarded = GuardedWork.ofTask(checkpoint);
        List<PieceTranscript> transcripts = new ArrayList<>();
        try (ExecutorEngines.Lease lease = ExecutorEngines.lend(options)) {
            for (Piece piece : pieces) {
                transcripts.add(
                        guarded.run(piece.key(), () -> transcript(piece, lease.engines()))
                                .orElseGet(() ->
                                        PieceTranscript.failed(piece, GuardedWork.failure())));
            }
        }
        checkpoint.keep(Checkpoint.PIECES, transcripts);
    }

    private PieceTranscript transcript(Piece piece, Engines engines) {
        try (LocalFile file =
                LocalFile.of(
                        piece.audio(), options.limits().bytes(), checkpoint.configuration())) {
            PieceAudio audio =
                    new PieceAudio(
                            engines.audio(file.path()), piece.span().from(), piece.span().to());
            return transcript(piece, audio, engines);
        } catch (EngineException refused) {
            return PieceTranscript.failed(piece, Failure.ofRecording(refused));
        } catch (IOException | IllegalArgumentException unreadable) {
            return PieceTranscript.failed(piece, Failure.unreadable(unreadable));
        }
    }

    private PieceTranscript transcript(Piece piece, PieceAudio audio, Engines engines) {
        SpeechToText model = engines.model();
        TranscribeOptions asked = transcribeOptions(model);
        Cancellation cancellation = new Cancellation();
        List<Segment> segments = new ArrayList<>();
        SegmentSink sink = new Listening(segments, TaskContext.get(), cancellation);
        Transcript transcript;
        if (options.speechOnly()) {
            VadOptions vad = model.hearsChunks(asked) ? VadOptions.BATCHED : VadOptions.FILTER;
            SpeechAudio speech = new SpeechAudio(audio, engines.detector(), vad, cancellation);
            transcript = model.transcribe(speech, asked, sink, cancellation);
            segments.replaceAll(speech.restored()::inAudio);
        } else {
            transcript = model.transcribe(audio, asked, sink, cancellation);
        }
        return PieceTranscript.of(
                piece,
                transcript.language(),
                transcript.languageProbability(),
                lines(segments, piece, audio.times()),
                null);
    }

    private TranscribeOptions transcribeOptions(SpeechToText model) {
        if (options.translate() && !model.multilingual()) {
            throw new ArchiveException(
                    "The model " + options.model() + " knows English only and cannot translate.");
        }
        String language = options.language();
        if (language != null && !model.languages().contains(language)) {
            throw new ArchiveException(
                    "The language '"
                            + language
                            + "' is not known to this model. Known are "
                            + String.join(", ", model.languages())
                            + ".");
        }
        return TranscribeOptions.builder()
                .language(language)
                .task(
                        options.translate()
                                ? TranscribeOptions.Task.TRANSLATE
                                : TranscribeOptions.Task.TRANSCRIBE)
                .wordTimestamps(options.words())
                .beamSize(options.beamSize())
                .batchSize(options.batchSize())
                .initialPrompt(options.prompt())
                .build();
    }

    /** At times of the file, and with who says them. */
    private static List<PieceTranscript.Line> lines(
            List<Segment> segments, Piece piece, TimeMap times) {
        SpeakerSpans speakers =
                new SpeakerSpans(
                        piece.turns().stream()
                                .map(turn ->
                                        new SpeakerSpans.Span(
                                                turn.start(), turn.end(), turn.speaker()))
                                .toList());
        double start = piece.span().start();
        return segments.stream()
                .map(times::inFile)
                .map(segment -> segment.later(start))
                .map(speakers::label)
                .map(PieceTranscript.Line::of)
                .toList();
    }

    /** Keeps segments, and stops the engine after the window in which Spark stopped the task. */
    private record Listening(List<Segment> segments, TaskContext task, Cancellation cancellation)
            implements SegmentSink {
        @Override
        public void accept(Segment segment) {
            segments.add(segment);
        }

        @Override
        public void progress(double audioSeconds) {
            if (task.isInterrupted()) {
                cancellation.cancel();
            }
        }
    }
}
