package dev.parlo.server;

import dev.parlo.server.audio.AudioOpener;
import dev.parlo.server.speech.SpeechPart;
import dev.parlo.server.watchdog.Watchdog;
import dev.parlo.server.watchdog.WatchedLibrary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Who looks whether steps of native code end, and at which. */
final class WatchdogPart {
    private WatchdogPart() {}

    /**
     * @param limit of one step; with zero nobody looks
     * @param parts take what is to be closed
     */
    static Watchdog open(
            Duration limit,
            ModelPart models,
            SpeechPart speech,
            AudioOpener audio,
            ObservabilityPart observability,
            Lifecycle parts) {
        Watchdog watchdog =
                new Watchdog(
                        limit,
                        () -> watched(models, speech, audio),
                        observability::overdue,
                        System::nanoTime);
        if (!limit.isZero()) {
            // On a thread of its own: whatever holds up others must not hold up this one.
            ScheduledExecutorService looking =
                    Executors.newSingleThreadScheduledExecutor(
                            Thread.ofPlatform().name("watchdog").daemon().factory());
            parts.started(looking::shutdownNow);
            long millis = Watchdog.interval(limit).toMillis();
            looking.scheduleWithFixedDelay(watchdog::look, millis, millis, TimeUnit.MILLISECONDS);
        }
        return watchdog;
    }

    /** Whatever enters native code. */
    private static List<Watchdog.Watched> watched(
            ModelPart models, SpeechPart speech, AudioOpener audio) {
        List<Watchdog.Watched> all = new ArrayList<>(models.engines().watched());
        all.addAll(speech.watched());
        audio.steps()
                .ifPresent(steps -> all.add(new WatchedLibrary("audio-decode", steps, () -> {})));
        return all;
    }
}
