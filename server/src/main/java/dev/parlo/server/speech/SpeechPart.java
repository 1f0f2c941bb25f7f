package dev.parlo.server.speech;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.audio.AudioEncoders;
import dev.parlo.engine.device.TextToSpeechOnGpus;
import dev.parlo.engine.espeak.EspeakNg;
import dev.parlo.engine.kokoro.KokoroEngine;
import dev.parlo.engine.kokoro.KokoroLexicons;
import dev.parlo.engine.piper.PiperEngine;
import dev.parlo.engine.speech.SpeechSettings;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.ModelTask;
import dev.parlo.registry.PartOfServer;
import dev.parlo.registry.RegistryException;
import dev.parlo.server.Settings;
import dev.parlo.server.SettingsException;
import dev.parlo.server.device.Devices;
import dev.parlo.server.models.EngineFactory;
import dev.parlo.server.models.LoadedModel;
import dev.parlo.server.models.ModelEngines;
import dev.parlo.server.models.ModelLibrary;
import dev.parlo.server.watchdog.Watchdog;
import dev.parlo.server.watchdog.WatchedLibrary;
import io.javalin.config.RoutesConfig;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Everything about speech, built from the settings. Thread-safe, apart from {@link #close}. */
public final class SpeechPart implements AutoCloseable {
    private final Settings settings;
    private final Devices devices;
    private final PronunciationFile pronunciations;
    private final KokoroLexicons lexicons;
    private final BuiltInEspeak espeak;
    private final VoiceAliases voices;
    private final AudioEncoders encoders;

    /**
     * @param devices where models are computed
     */
    public SpeechPart(Settings settings, Devices devices) {
        this.settings = settings;
        this.devices = devices;
        this.pronunciations =
                PronunciationFile.open(settings.speech().pronunciations(), InstantSource.system());
        this.lexicons = lexicons(settings);
        this.espeak = new BuiltInEspeak(settings, pronunciations, lexicons);
        this.voices = VoiceAliases.open(settings.speech().voiceAliases());
        this.encoders = new AudioEncoders(Runtime.getRuntime().availableProcessors());
    }

    /**
     * The models that come with the server.
     *
     * @throws EngineException BAD_MODEL when the settings name an espeak-ng that cannot be used
     */
    public List<PartOfServer> partsOfServer() {
        espeak.requireConfigured();
        return List.of(
                new PartOfServer(ModelId.parse(BuiltInEspeak.ID), espeak::model, espeak::lacking));
    }

    /** A folder that is named has to be right, before the server says that it is up. */
    private static KokoroLexicons lexicons(Settings settings) {
        Optional<Path> folder = settings.speech().kokoroLexicons();
        try {
            return folder.map(KokoroLexicons::in).orElseGet(KokoroLexicons::none);
        } catch (EngineException wrong) {
            throw new SettingsException("KOKORO_LEXICONS_PATH: " + wrong.getMessage(), wrong);
        }
    }

    /** Loads what the first request for speech needs, so that it need not. */
    public void warm() {
        espeak.warm();
    }

    /** What runs the models of each family. */
    public Map<ModelFamily, EngineFactory> factories() {
        int threads = Runtime.getRuntime().availableProcessors();
        return Map.of(
                ModelFamily.ESPEAK,
                (model, admission, cancellation) -> LoadedModel.of(espeak.engine(admission)),
                ModelFamily.KOKORO,
                (model, admission, cancellation) ->
                        LoadedModel.of(
                                kokoro(files(model), new SpeechSettings(threads, admission))),
                ModelFamily.PIPER,
                (model, admission, cancellation) ->
                        LoadedModel.of(
                                neural(
                                        admission,
                                        own ->
                                                new PiperEngine(
                                                        files(model),
                                                        own,
                                                        pronunciations,
                                                        new SpeechSettings(threads, admission)))));
    }

    /** The graph, of which a folder may hold several; the folder of what is not installed. */
    private static Path files(InstalledModel model) {
        return model.graph().orElse(model.directory());
    }

    /** On GPUs or on the processor, as the devices say. */
    private TextToSpeech kokoro(Path folder, SpeechSettings onProcessor) {
        if (!devices.kokoro().onGpu()) {
            return kokoroIn(folder, onProcessor);
        }
        return TextToSpeechOnGpus.open(
                devices.kokoro().gpus(),
                devices.health(),
                onProcessor.admission(),
                (gpu, queue) ->
                        kokoroIn(
                                folder,
                                onProcessor.on(
                                        gpu,
                                        // Recording the steps of a decoder stops all others there.
                                        devices.gpus().get(gpu.index()).recording().readLock(),
                                        queue)));
    }

    private TextToSpeech kokoroIn(Path folder, SpeechSettings speech) {
        return neural(
                speech.admission(),
                own -> new KokoroEngine(folder, own, pronunciations, lexicons, speech));
    }

    /** An engine with an espeak-ng of its own, which goes with it, also where it cannot be made. */
    private TextToSpeech neural(Admission admission, Function<EspeakNg, TextToSpeech> loading) {
        return espeak.open(admission.steps()).handTo(loading);
    }

    /** What is not a model and runs native code, to be watched. */
    public List<Watchdog.Watched> watched() {
        return List.of(
                new WatchedLibrary("audio-encode", encoders.steps(), () -> {}),
                new WatchedLibrary("espeak-ng", espeak.steps(), espeak::replace));
    }

    /** Other names for voices. */
    public VoiceAliases voices() {
        return voices;
    }

    public AudioEncoders encoders() {
        return encoders;
    }

    /**
     * Loads a speech model without a server; the caller closes it.
     *
     * @param name a model id or an alias
     * @param home the folder of the program, where {@code models/} lies
     */
    public LoadedModel load(String name, Path home) {
        Map<ModelFamily, EngineFactory> factories = factories();
        ModelLibrary library =
                ModelLibrary.open(settings, ModelLibrary.store(settings, home, partsOfServer()));
        InstalledModel model = required(library, name, List.copyOf(factories.keySet()));
        EngineFactory factory = factories.get(model.family());
        return Objects.requireNonNull(factory).load(model, new Admission(1, 1), new Cancellation());
    }

    /** Speech for every protocol. */
    public SpeechPipeline pipeline(ModelLibrary library, ModelEngines engines) {
        Settings.Speech speech = settings.speech();
        return new SpeechPipeline(
                new ModelPicker(models(library, engines), ModelChoice.of(library)),
                voices,
                speech.voiceFallback(),
                limits(),
                encoders);
    }

    private TextToSpeechModels models(ModelLibrary library, ModelEngines engines) {
        return new PooledTextToSpeech(engines, fallback(library));
    }

    private SpeechLimits limits() {
        Settings.Speech speech = settings.speech();
        return new SpeechLimits(speech.mostCharacters(), speech.mostSilence().toSeconds());
    }

    private InstalledModel required(ModelLibrary library, String name, List<ModelFamily> families) {
        try {
            return library.require(name, families);
        } catch (RegistryException missing) {
            var unused = fallback(library).instead(name, missing);
            return library.require(BuiltInEspeak.ID, families);
        }
    }

    /** The model that speaks for a name: its own, or the one that stands in for it. */
    public Function<String, InstalledModel> names(ModelLibrary library) {
        return name -> required(library, name, ModelFamily.of(ModelTask.TEXT_TO_SPEECH));
    }

    EspeakFallback fallback(ModelLibrary library) {
        return new EspeakFallback(library, espeak, settings.speech().fallback());
    }

    /** The routes of speech, in order. */
    public List<Consumer<RoutesConfig>> routes(
            SpeechAnswers answers, ModelLibrary library, ModelEngines engines) {
        return List.of(
                new SpeechRoutes(answers, settings.speech().voiceTags())::register,
                new PhonemeRoutes(models(library, engines), voices, espeak, limits(), encoders)
                        ::register);
    }

    @Override
    public void close() {
        encoders.close();
        espeak.close();
    }
}
