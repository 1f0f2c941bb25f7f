package dev.parlo.engine.ggml;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Our layouts of whisper.cpp's structures against the sizes that the library itself has. */
class StructSizeTest {
    private static final String FULL = "whisper_full_default_params";

    @BeforeAll
    static void load() {
        var unused = WhisperLibrary.load(); // checks them, too
    }

    private static MemoryLayout longs(long count) {
        return MemoryLayout.structLayout(
                MemoryLayout.sequenceLayout(count, ValueLayout.JAVA_LONG).withName("longs"));
    }

    @Test
    void aLayoutOfTheLibrarysSizeIsAccepted() {
        assertThatCode(() ->
                        StructSize.check(
                                SymbolLookup.loaderLookup(), FULL, FullParameters.LAYOUT, 0))
                .doesNotThrowAnyException();
    }

    @Test
    void aLayoutThatIsLongerOrShorterThanTheLibrarysIsRefusedWithBothSizes() {
        long size = FullParameters.LAYOUT.byteSize();
        for (long other : new long[] {size - 8, size + 8, size + 16}) {
            assertThatThrownBy(() ->
                            StructSize.check(
                                    SymbolLookup.loaderLookup(), FULL, longs(other / 8), 1))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContainingAll(size + " bytes", "instead of " + other);
        }
    }
}
