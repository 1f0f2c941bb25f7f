package dev.parlo.server.doctor;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.audio.AudioNatives;
import dev.parlo.engine.espeak.EspeakNg;
import dev.parlo.engine.kokoro.KokoroLexicons;
import dev.parlo.engine.onnx.OnnxEnvironment;
import dev.parlo.engine.text.Lexicon;
import dev.parlo.server.Settings;
import dev.parlo.server.speech.BuiltInEspeak;
import java.util.List;
import java.util.function.Supplier;

/** Loads the native libraries that every model needs. */
record Libraries(Settings settings) {
    private static final String NATIVE =
            "It is unpacked into PARLO_CACHE_DIR, which must have room and not be mounted noexec.";

    Section look() {
        return new Section(
                "Native libraries",
                List.of(
                        loaded(
                                "ONNX Runtime",
                                () ->
                                        OnnxEnvironment.label()
                                                + " in "
                                                + System.getProperty(
                                                        "onnxruntime.native.path",
                                                        "the temporary folder")),
                        loaded("FFmpeg", AudioNatives::version),
                        espeak()));
    }

    private static Finding loaded(String name, Supplier<String> loading) {
        try {
            return Finding.ok(name, loading.get());
        } catch (RuntimeException | LinkageError failure) {
            return Finding.problem(name, "cannot be loaded: " + failure, NATIVE);
        }
    }

    private Finding espeak() {
        String name = "espeak-ng";
        try (BuiltInEspeak builtIn =
                        new BuiltInEspeak(settings, Lexicon.EMPTY, KokoroLexicons.none());
                EspeakNg espeak = builtIn.open()) {
            return Finding.ok(
                    name,
                    espeak.version()
                            + ", "
                            + espeak.origin()
                            + ", "
                            + espeak.voices().listed().size()
                            + " voices");
        } catch (EngineException failure) {
            boolean set = settings.speech().espeakLibrary().isPresent();
            String found = String.valueOf(failure.getMessage());
            return set
                    ? Finding.problem(name, found, "See ESPEAK_LIBRARY and ESPEAK_DATA.")
                    : Finding.note(
                            name,
                            found,
                            "Without it there is no built-in voice, and Kokoro and Piper do not"
                                    + " speak.");
        }
    }
}
