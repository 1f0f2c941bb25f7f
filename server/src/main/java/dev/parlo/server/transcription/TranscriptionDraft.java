package dev.parlo.server.transcription;

import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.TranscribeOptions.Task;
import dev.parlo.engine.TranscribeOptionsBuilder;
import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.server.http.FieldError;
import dev.parlo.server.http.Fields;
import dev.parlo.server.speaker.SpeakerFields;
import dev.parlo.server.vad.SpeechFilter;
import dev.parlo.server.vad.VadParameters;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the {@link TranscriptionOptions} of a request have set so far. What several of them say
 * together is decided and checked in {@link #job}, when all have been read. One thread.
 */
final class TranscriptionDraft {
    private static final int USUAL_BATCH = 8;

    final TranscribeOptionsBuilder options = TranscribeOptions.builder();
    String model = "";
    boolean stream;
    @Nullable KeepAlive keepAlive;
    ResponseFormat format = ResponseFormat.JSON;
    Task task = Task.TRANSCRIBE;
    List<String> granularities = List.of();
    List<String> include = List.of();
    List<Double> temperatures = List.of();
    boolean temperatureFallback = true;
    @Nullable String hotwords;
    List<String> keywords = List.of();
    boolean wordTimestamps;
    @Nullable Integer maxLineWidth;
    @Nullable Integer maxLineCount;
    @Nullable Integer maxWordsPerLine;
    boolean highlightWords;
    boolean speechOnly = true;
    @Nullable Integer batchSize;
    @Nullable Boolean conditioned;
    VadParameters vadParameters = new VadParameters();
    @Nullable VadParameters chunkingStrategy;
    @Nullable Boolean diarize;
    boolean splitChannels;
    boolean advanced;
    @Nullable String diarizationModel;
    final SpeakerFields speakers = new SpeakerFields();

    void task(String name) {
        task = Task.valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** What is to be done and written; values that do not fit together go to {@code fields}. */
    TranscriptionJob job(Fields fields) {
        checkRising(fields);
        SubtitleLayout layout =
                new SubtitleLayout(maxLineWidth, maxLineCount, maxWordsPerLine, highlightWords);
        boolean subtitles = format == ResponseFormat.SRT || format == ResponseFormat.VTT;
        SpeakerJob who = who(fields);
        boolean words =
                wordTimestamps
                        || (format == ResponseFormat.JSON && advanced)
                        || (format == ResponseFormat.VERBOSE_JSON
                                && granularities.contains("word"));
        boolean logProbabilities = include.contains("logprobs");
        // OpenAI's list of keywords is faster-whisper's hotwords.
        boolean listed = hotwords == null && !keywords.isEmpty();
        TranscribeOptions all =
                options.task(task)
                        .hotwords(listed ? String.join(", ", keywords) : hotwords)
                        .conditionOnPreviousText(!Boolean.FALSE.equals(conditioned))
                        .temperatures(ladder())
                        .wordTimestamps(
                                // Speakers change within segments.
                                words || who.diarize() || (subtitles && layout.needsWords()))
                        .tokenLogProbabilities(logProbabilities)
                        .build();
        checkClips(fields, all.clipTimestamps());
        return new TranscriptionJob(
                all.toBuilder().batchSize(windowsAtATime(fields, all)).build(),
                speech(fields),
                who,
                new TranscriptWriter(format, task, words, advanced, logProbabilities, layout));
    }

    private SpeakerJob who(Fields fields) {
        boolean wanted = format == ResponseFormat.DIARIZED_JSON;
        if (splitChannels && Boolean.TRUE.equals(diarize)) {
            fields.reject("channels", "split tells speakers by channels; leave diarize out");
        }
        if (wanted && !splitChannels && Boolean.FALSE.equals(diarize)) {
            fields.reject("diarize", "diarized_json needs speakers: true, or channels=split");
        }
        boolean byVoice = !splitChannels && (wanted || Boolean.TRUE.equals(diarize));
        if (!byVoice) {
            for (String name : speakers.given(splitChannels)) {
                fields.reject(name, "means something only with diarize=true or diarized_json");
            }
            if (diarizationModel != null) {
                fields.reject(
                        "diarization_model",
                        "means something only with diarize=true or diarized_json");
            }
        }
        return new SpeakerJob(byVoice, splitChannels, speakers, diarizationModel);
    }

    /** As Speaches, unless something else is asked for than the speech of the whole audio. */
    private @Nullable Integer windowsAtATime(Fields fields, TranscribeOptions all) {
        Integer given = batchSize;
        if (Boolean.TRUE.equals(conditioned) && given != null && given > 0) {
            fields.reject(
                    "condition_on_previous_text",
                    "chunks of a batch know nothing of each other; send batch_size 0 or neither");
        }
        if (given != null) {
            return given == 0 ? null : given;
        }
        boolean usual =
                speechOnly
                        && !Boolean.TRUE.equals(conditioned)
                        && all.clipTimestamps()
                                .equals(TranscribeOptions.defaults().clipTimestamps())
                        && all.hallucinationSilenceThreshold() == null;
        return usual ? USUAL_BATCH : null;
    }

    private SpeechFilter speech(Fields fields) {
        VadParameters strategy = chunkingStrategy;
        if (strategy != null && !speechOnly) {
            fields.reject(
                    "chunking_strategy", "asks for what vad_filter=false switches off; send one");
        }
        return new SpeechFilter(
                speechOnly, strategy == null ? new VadParameters() : strategy, vadParameters);
    }

    private void checkRising(Fields fields) {
        for (int i = 1; i < temperatures.size(); i++) {
            if (temperatures.get(i) <= temperatures.get(i - 1)) {
                fields.reject(
                        FieldError.value(
                                List.of("body", "temperature", i),
                                temperatures.get(i),
                                "several temperatures must rise"));
            }
        }
    }

    private static void checkClips(Fields fields, List<Double> clips) {
        for (int i = 1; i < clips.size(); i += 2) {
            if (clips.get(i) < clips.get(i - 1)) {
                fields.reject(
                        FieldError.value(
                                List.of("body", "clip_timestamps", i),
                                clips.get(i),
                                "a part must not end before it starts"));
                return; // the first is enough, of hundreds
            }
        }
    }

    /**
     * Absent or 0 is the ladder, as OpenAI documents; one other value is that value alone; several
     * are a ladder of the client's own. Without fallback the first is left.
     */
    private List<Double> ladder() {
        boolean usual =
                temperatures.isEmpty()
                        || (temperatures.size() == 1 && temperatures.getFirst() == 0);
        List<Double> all = usual ? TranscribeOptions.FALLBACK_TEMPERATURES : temperatures;
        return temperatureFallback ? all : List.of(all.getFirst());
    }
}
