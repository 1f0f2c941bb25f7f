package dev.parlo.engine.espeak;

import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.text.Lexicon;
import java.nio.file.Path;

/** The engine of the library that comes with the program. */
final class TestEspeak {
    private TestEspeak() {}

    /** The caller closes it. */
    static EspeakEngine engine(Path cache, int places) {
        return new EspeakEngine(
                new EspeakNg(new EspeakInstaller(CacheFolder.at(cache), null, null).locate()),
                Lexicon.EMPTY,
                new Admission(1, places));
    }
}
