package dev.parlo.engine.embed;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.Placement;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.SpeechSummary;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.audio.AudioDecoder;
import dev.parlo.engine.audio.AudioEncoder;
import dev.parlo.engine.audio.AudioEncoders;
import dev.parlo.engine.audio.AudioFormat;
import dev.parlo.engine.audio.AudioLimits;
import dev.parlo.engine.audio.AudioNatives;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.espeak.EspeakEngine;
import dev.parlo.engine.espeak.EspeakInstaller;
import dev.parlo.engine.espeak.EspeakNg;
import dev.parlo.engine.ggml.GgmlEngineSettings;
import dev.parlo.engine.ggml.GgmlWhisperEngine;
import dev.parlo.engine.kokoro.KokoroEngine;
import dev.parlo.engine.kokoro.KokoroLexicons;
import dev.parlo.engine.onnx.OnnxNatives;
import dev.parlo.engine.parakeet.ParakeetEngine;
import dev.parlo.engine.piper.PiperEngine;
import dev.parlo.engine.speech.SpeechSettings;
import dev.parlo.engine.text.Lexicon;
import dev.parlo.engine.whisper.WhisperEngine;
import dev.parlo.engine.whisper.WhisperEngineSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Opens models and audio files for a program that has the engines in its own process: the same
 * engines as the server's, on the processor. Every engine is closed by whoever opened it, before
 * this is closed. Thread-safe.
 *
 * <p>ONNX Runtime, FFmpeg, whisper.cpp and espeak-ng are native libraries, of which a process has
 * one each: where they come from is decided by the first {@code SpeechEngines} of the process.
 */
public final class SpeechEngines implements AutoCloseable {
    private final CacheFolder cache;
    private final Path temporary;
    private final int threads;
    private final int parallel;
    private final ComputeType computeType;
    private final EspeakInstaller espeak;
    private final AudioDecoder decoder;
    private final AudioEncoders encoders;

    private SpeechEngines(Builder builder) {
        cache = new CacheFolder(builder.cache, builder.temporary);
        temporary = builder.temporary;
        threads = builder.threads;
        parallel = builder.parallel;
        computeType = builder.computeType;
        espeak = new EspeakInstaller(cache, builder.espeakLibrary, builder.espeakData);
        AudioNatives.unpackTo(cache);
        if (builder.onnxRuntime == null) {
            OnnxNatives.unpackTo(cache);
        } else {
            OnnxNatives.loadFrom(builder.onnxRuntime);
        }
        decoder = new AudioDecoder(threads, builder.audioLimits);
        encoders = new AudioEncoders(threads);
    }

    /**
     * With every default of {@link Builder}.
     *
     * @return what opens models; the caller closes it
     */
    public static SpeechEngines open() {
        return builder().open();
    }

    /**
     * Begins with every default.
     *
     * @return what settings are put into
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Opens a Whisper or Parakeet model. The weights of a checkpoint are converted once and kept in
     * the cache, which takes seconds to a minute the first time.
     *
     * @param model a folder with {@code config.json} and CTranslate2's {@code model.bin},
     *     Transformers' {@code model.safetensors} or Parakeet's {@code encoder-model.onnx}, or a
     *     GGML file ({@code ggml-*.bin}) or the folder that it lies in
     * @return the engine; the caller closes it
     * @throws EngineException of category BAD_MODEL where it is no such model or a damaged one,
     *     NO_SPACE where the cache is full
     */
    public SpeechToText speechToText(Path model) {
        return switch (ModelFiles.speechToText(model)) {
            case ModelFiles.Checkpoint(Path folder) ->
                    WhisperEngine.open(
                            folder,
                            new WhisperEngineSettings(
                                    computeType,
                                    Placement.Cpu.threads(threads),
                                    admission(),
                                    Long.MAX_VALUE,
                                    cache,
                                    temporary),
                            new Cancellation());
            case ModelFiles.Parakeet(Path files) ->
                    ParakeetEngine.open(
                            files, List.of(), threads, admission(), Long.MAX_VALUE, temporary);
            case ModelFiles.Ggml(Path file) ->
                    GgmlWhisperEngine.open(
                            file, new GgmlEngineSettings(threads, admission(), temporary));
        };
    }

    /**
     * Opens a Kokoro model or a Piper voice.
     *
     * @param folder with {@code model.onnx} and {@code voices.bin} or {@code voices/} (Kokoro), or
     *     {@code NAME.onnx} and {@code NAME.onnx.json} (Piper)
     * @return the engine; the caller closes it
     * @throws EngineException of category BAD_MODEL where it is no such model or a damaged one, or
     *     where there is no espeak-ng, which tells the phonemes of both
     */
    public TextToSpeech textToSpeech(Path folder) {
        SpeechSettings settings = new SpeechSettings(threads, admission());
        boolean kokoro = ModelFiles.isKokoro(folder);
        return withEspeak(own ->
                kokoro
                        ? new KokoroEngine(
                                folder, own, Lexicon.EMPTY, KokoroLexicons.none(), settings)
                        : new PiperEngine(folder, own, Lexicon.EMPTY, settings));
    }

    /**
     * Opens espeak-ng, which speaks by itself and needs no model.
     *
     * @return the engine; the caller closes it
     * @throws EngineException of category BAD_MODEL where no espeak-ng is found, naming the places
     *     that were looked at
     */
    public TextToSpeech espeak() {
        return withEspeak(own -> new EspeakEngine(own, Lexicon.EMPTY, admission()));
    }

    private TextToSpeech withEspeak(Function<EspeakNg, TextToSpeech> loading) {
        return new EspeakNg(espeak.locate()).handTo(loading);
    }

    private Admission admission() {
        return new Admission(parallel, Integer.MAX_VALUE);
    }

    /**
     * A file as audio for {@link SpeechToText#transcribe}: any container and codec that FFmpeg
     * knows, its kind recognised by its content. Nothing is read yet.
     *
     * @param file audio or video
     * @return the source, which may be read more than once
     * @throws EngineException of category BAD_REQUEST where there is no such file; what is not
     *     audio is told when it is read
     */
    public AudioSource audio(Path file) {
        return decoder.open(file);
    }

    /**
     * Speaks a text into a file, which is there, whole, when this returns; a file that was there
     * before stays as it is until then.
     *
     * @param voice an engine that was opened here
     * @param text of any length, with the markup that the options allow
     * @param options the voice and how it speaks
     * @param file its ending says the format: {@code wav mp3 flac opus aac m4a webm pcm …}
     * @return how long the speech is
     * @throws EngineException of category BAD_REQUEST for an unknown ending, a voice that the
     *     engine does not have, or a text in which nothing can be spoken
     * @throws IOException where the file cannot be written
     */
    public SpeechSummary speak(TextToSpeech voice, String text, SpeechOptions options, Path file)
            throws IOException {
        AudioFormat format = format(file);
        int rate = voice.sampleRate();
        try (AudioFile target = AudioFile.create(file);
                AudioEncoder encoder =
                        encoders.open(format, rate, format.usualRate(rate), target.stream())) {
            SpeechSummary summary =
                    voice.speak(
                            text,
                            options,
                            chunk ->
                                    target.written(() ->
                                            encoder.write(chunk.samples(), chunk.samples().length)),
                            new Cancellation());
            target.written(encoder::finish);
            target.complete(encoder.samplesWritten());
            return summary;
        } catch (AudioFile.NotWritten broken) {
            throw broken.failure();
        }
    }

    private static AudioFormat format(Path file) {
        String name = file.getFileName().toString();
        String ending = name.substring(name.lastIndexOf('.') + 1);
        return AudioFormat.of(ending)
                .orElseThrow(() ->
                        new EngineException(
                                EngineException.Category.BAD_REQUEST,
                                "The ending of "
                                        + name
                                        + " tells no format; known are "
                                        + AudioFormat.ids()
                                        + "."));
    }

    /** Ends the threads that read and write audio. Engines that were opened here stay open. */
    @Override
    public void close() {
        encoders.close();
        decoder.close();
    }

    /** How the engines use the machine. Used by one thread. */
    public static final class Builder {
        private Path cache = userCache();
        private Path temporary = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
        private int threads = Runtime.getRuntime().availableProcessors();
        private int parallel = 1;
        private ComputeType computeType = ComputeType.INT8;
        private AudioLimits audioLimits = AudioLimits.unlimited();
        private @Nullable Path espeakLibrary;
        private @Nullable Path espeakData;
        private @Nullable Path onnxRuntime;

        private Builder() {}

        private static Path userCache() {
            String cache = System.getenv("XDG_CACHE_HOME");
            return cache == null || cache.isBlank()
                    ? Path.of(System.getProperty("user.home", "."), ".cache", "parlo")
                    : Path.of(cache, "parlo");
        }

        /**
         * Where native libraries are unpacked and weights converted, once. Default: {@code parlo}
         * in {@code XDG_CACHE_HOME} or {@code ~/.cache}, the server's own.
         *
         * @param folder made where it is not there
         * @return this
         */
        public Builder cache(Path folder) {
            cache = folder;
            return this;
        }

        /**
         * For what is removed again. Default: {@code java.io.tmpdir}.
         *
         * @param folder an existing one
         * @return this
         */
        public Builder temporary(Path folder) {
            temporary = folder;
            return this;
        }

        /**
         * Threads that one run of a model computes with. Default: one for each core.
         *
         * @param count at least 1
         * @return this
         */
        public Builder threads(int count) {
            threads = atLeastOne("threads", count);
            return this;
        }

        /**
         * Requests that an engine computes at the same time; others wait for their turn. Default:
         * 1.
         *
         * @param count at least 1
         * @return this
         */
        public Builder parallel(int count) {
            parallel = atLeastOne("parallel", count);
            return this;
        }

        /**
         * Number format that Whisper's weights are converted to: INT8, the fastest on a processor
         * and the default, or FLOAT32.
         *
         * @param type one of these two
         * @return this
         */
        public Builder computeType(ComputeType type) {
            computeType = type;
            return this;
        }

        /**
         * What is refused of audio files, with category TOO_LARGE. Default: nothing.
         *
         * @param limits of each file
         * @return this
         */
        public Builder audioLimits(AudioLimits limits) {
            audioLimits = limits;
            return this;
        }

        /**
         * An espeak-ng other than the one in piper-jni's jar, or the system's, which is found where
         * that jar is not on the class path.
         *
         * @param library {@code libespeak-ng.so}
         * @param data the folder {@code espeak-ng-data}, or null to look for it beside the library
         * @return this
         */
        public Builder espeak(Path library, @Nullable Path data) {
            espeakLibrary = library;
            espeakData = data;
            return this;
        }

        /**
         * ONNX Runtime's libraries from elsewhere than its jar.
         *
         * @param folder with {@code libonnxruntime.so} and {@code libonnxruntime4j_jni.so}
         * @return this
         */
        public Builder onnxRuntime(Path folder) {
            onnxRuntime = folder;
            return this;
        }

        private static int atLeastOne(String what, int count) {
            if (count < 1) {
                throw new IllegalArgumentException(
                        what + " is " + count + "; at least 1 is needed");
            }
            return count;
        }

        /**
         * Opens with these settings.
         *
         * @return what opens models; the caller closes it
         * @throws EngineException of category NO_SPACE where FFmpeg's libraries cannot be unpacked
         */
        public SpeechEngines open() {
            return new SpeechEngines(this);
        }
    }
}
