package dev.parlo.server.vad;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.vad.VoiceActivityDetector;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One detector for a command without a server, opened when it is first needed. Thread-safe. */
public final class LocalDetector implements DetectorLoans, AutoCloseable {
    private final Supplier<VoiceActivityDetector> opener;
    private @Nullable VoiceActivityDetector detector;

    LocalDetector(Supplier<VoiceActivityDetector> opener) {
        this.opener = opener;
    }

    @Override
    public synchronized Loan lend(Cancellation cancellation) {
        VoiceActivityDetector known = detector;
        if (known == null) {
            known = opener.get();
            detector = known;
        }
        return new Loan(known, () -> {});
    }

    @Override
    public synchronized void close() {
        if (detector != null) {
            detector.close();
            detector = null;
        }
    }
}
