package dev.parlo.server.speech;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.espeak.EspeakEngine;
import dev.parlo.engine.espeak.EspeakInstaller;
import dev.parlo.engine.espeak.EspeakNg;
import dev.parlo.engine.kokoro.KokoroSpelling;
import dev.parlo.engine.text.Lexicon;
import dev.parlo.server.Settings;
import org.jspecify.annotations.Nullable;

/**
 * The speech engine that needs no download, opened when it is first asked for. Thread-safe.
 */
public final class BuiltInEspeak implements AutoCloseable {
    /** What requests call it. */
    public static final String ID = "espeak-ng/espeak-ng";

    private final EspeakInstaller installer;
    private final int queue;
    private @Nullable Opened opened;

    /** The engine and, on the same library, Kokoro's spelling. */
    private record Opened(EspeakEngine engine, KokoroSpelling spelling) {}

    public BuiltInEspeak(Settings settings) {
        this.installer = installer(settings);
        this.queue = settings.limits().speechQueue();
    }

    static EspeakInstaller installer(Settings settings) {
        return new EspeakInstaller(
                settings.files().cache(),
                settings.speech().espeakLibrary().orElse(null),
                settings.speech().espeakData().orElse(null));
    }

    /**
     * The engine.
     *
     * @throws EngineException of category BAD_MODEL when there is no espeak-ng on this machine
     */
    public EspeakEngine engine() {
        return open().engine;
    }

    KokoroSpelling spelling() {
        return open().spelling;
    }

    private synchronized Opened open() {
        Opened now = opened;
        if (now == null) {
            EspeakNg espeak = new EspeakNg(installer.locate());
            now = new Opened(new EspeakEngine(espeak, Lexicon.EMPTY, queue), new KokoroSpelling(espeak));
            opened = now;
        }
        return now;
    }

    @Override
    public synchronized void close() {
        if (opened != null) {
            opened.engine.close();
            opened = null;
        }
    }
}
