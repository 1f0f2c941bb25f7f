package dev.parlo.server.speech;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.espeak.EspeakEngine;
import dev.parlo.engine.espeak.EspeakFiles;
import dev.parlo.engine.espeak.EspeakInstaller;
import dev.parlo.engine.espeak.EspeakNg;
import dev.parlo.engine.kokoro.KokoroLexicons;
import dev.parlo.engine.kokoro.KokoroSpelling;
import dev.parlo.engine.steps.NativeSteps;
import dev.parlo.engine.text.Lexicon;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.SpeechVoices;
import dev.parlo.registry.Unusable;
import dev.parlo.server.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * espeak-ng as the model that needs no download and as what spells for the others. Found when it is
 * first asked for. Thread-safe.
 */
public final class BuiltInEspeak implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BuiltInEspeak.class);

    /** What requests call it. */
    public static final String ID = "espeak-ng/espeak-ng";

    private final EspeakInstaller installer;
    private final Path cache;
    private final boolean configured;
    private final Supplier<Lexicon> lexicon;
    private final KokoroLexicons dictionaries;
    private @Nullable EspeakFiles files;
    private @Nullable EspeakNg shared;
    private NativeSteps steps = new NativeSteps();

    /** Null also where there is none. */
    private @Nullable InstalledModel model;

    private boolean lookedFor;
    private boolean closed;

    /**
     * @param lexicon pronunciations of words, asked for at each request
     * @param dictionaries of Kokoro's English
     */
    public BuiltInEspeak(
            Settings settings, Supplier<Lexicon> lexicon, KokoroLexicons dictionaries) {
        this.lexicon = lexicon;
        this.dictionaries = dictionaries;
        this.cache = settings.files().cache();
        this.installer =
                new EspeakInstaller(
                        settings.files().cacheFolder(),
                        settings.speech().espeakLibrary().orElse(null),
                        settings.speech().espeakData().orElse(null));
        this.configured = settings.speech().espeakLibrary().isPresent();
    }

    /**
     * Opens another copy of the library, which the caller closes.
     *
     * @throws EngineException of category BAD_MODEL when there is no espeak-ng on this machine
     */
    public EspeakNg open() {
        return open(new NativeSteps());
    }

    /**
     * The same for an engine.
     *
     * @param steps of that engine
     */
    EspeakNg open(NativeSteps steps) {
        return new EspeakNg(located(), steps);
    }

    /**
     * An engine of its own, to be closed by the caller.
     *
     * @param admission the queue before it
     */
    public EspeakEngine engine(Admission admission) {
        return new EspeakEngine(open(admission.steps()), lexicon, admission);
    }

    KokoroSpelling spelling() {
        return new KokoroSpelling(shared(), dictionaries);
    }

    /**
     * Loads what the settings name: a wrong name must end the start. Without such a setting the
     * library that comes with the program, or the system's, is loaded when it is first asked for.
     *
     * @throws EngineException BAD_MODEL when the library or the data cannot be used
     */
    void requireConfigured() {
        if (configured) {
            var unused = shared();
        }
    }

    /** Loads it if there is one, unless the server stops. */
    synchronized void warm() {
        if (!closed) {
            var unused = model();
        }
    }

    /** The model as the registry lists it; empty, with a warning, where there is no espeak-ng. */
    public synchronized Optional<InstalledModel> model() {
        if (!lookedFor) {
            lookedFor = true;
            try {
                model = described(shared());
            } catch (EngineException missing) {
                // A disk that is full may have room when it is asked for again.
                lookedFor = missing.category() != EngineException.Category.NO_SPACE;
                LOG.warn("There is no built-in voice: {}", missing.getMessage());
            }
        }
        return Optional.ofNullable(model);
    }

    private InstalledModel described(EspeakNg espeak) {
        SpeechVoices voices =
                new SpeechVoices(
                        espeak.sampleRate(),
                        espeak.voices().listed().stream()
                                .map(voice ->
                                        new SpeechVoices.Voice(
                                                voice.id(),
                                                voice.name(),
                                                voice.language(),
                                                voice.gender()))
                                .toList());
        List<String> languages =
                voices.voices().stream()
                        .map(voice -> voice.language().split("-", 2)[0])
                        .distinct()
                        .toList();
        return InstalledModel.partOfServer(
                ModelId.parse(ID), ModelFamily.ESPEAK, languages, voices, cache);
    }

    /** Why it does not speak on this machine; empty where it does. */
    Optional<EngineException> problem() {
        try {
            var unused = shared();
            return Optional.empty();
        } catch (EngineException missing) {
            return Optional.of(missing);
        }
    }

    /** The same for who asks for the model by its name. */
    Optional<Unusable.Lacking> lacking() {
        return problem()
                .map(none ->
                        new Unusable.Lacking(
                                none.category() == EngineException.Category.NO_SPACE
                                        ? RegistryException.Category.NO_SPACE
                                        : RegistryException.Category.NOT_FOUND,
                                String.valueOf(none.getMessage())));
    }

    private synchronized EspeakFiles located() {
        EspeakFiles known = files;
        if (known == null) {
            known = installer.locate();
            files = known;
        }
        return known;
    }

    private synchronized EspeakNg shared() {
        EspeakNg known = shared;
        if (known == null) {
            known = open(steps);
            shared = known;
        }
        return known;
    }

    /** What the copy of the library does that no engine has for itself. */
    synchronized NativeSteps steps() {
        return steps;
    }

    /**
     * A call of that copy does not end: whoever waits is told so, and the next has another copy.
     */
    synchronized void replace() {
        steps.giveUp();
        steps = new NativeSteps();
        shared = null;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (shared != null) {
            shared.close();
            shared = null;
        }
    }
}
