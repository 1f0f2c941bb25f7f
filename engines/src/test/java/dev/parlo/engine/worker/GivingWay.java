package dev.parlo.engine.worker;

import static org.awaitility.Awaitility.await;

import dev.parlo.engine.admission.Urgency;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.PcmAudio;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** That work on a long file waits while another request is urgent, and is done when it is not. */
public final class GivingWay {
    /** It gives way for eight times as long as this, after each second. */
    private static final long READING_MILLIS = 400;

    private static final float[] AUDIO = noise(70);

    private GivingWay() {}

    /**
     * @param urgency of the engine
     * @param work does all that it does for some audio
     */
    public static void check(Urgency urgency, Consumer<AudioSource> work) {
        urgency.begin();
        AtomicBoolean seen = new AtomicBoolean();
        CompletableFuture<Void> done =
                CompletableFuture.runAsync(
                        () -> work.accept(() -> slowly(seen)), task -> new Thread(task).start());
        await().pollInterval(Duration.ofMillis(5))
                .until(() -> done.isDone() || isSomebodyGivingWay());
        if (done.isDone()) {
            done.join();
            throw new AssertionError("nothing gave way");
        }
        seen.set(true);
        urgency.end();
        done.orTimeout(60, TimeUnit.SECONDS).join();
    }

    private static boolean isSomebodyGivingWay() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Arrays::stream)
                .anyMatch(frame ->
                        frame.getClassName().equals(Urgency.class.getName())
                                && frame.getMethodName().equals("await"));
    }

    /** A file of which each second takes a while to decode, until it was seen to give way. */
    private static AudioSource.Reader slowly(AtomicBoolean seen) {
        AudioSource.Reader all = PcmAudio.of(AUDIO).open();
        return new AudioSource.Reader() {
            private long samples;

            @Override
            public int read(float[] block) {
                int count = all.read(block);
                samples += count;
                if (samples > BackgroundAudio.CLIP && !seen.get()) {
                    try {
                        Thread.sleep(READING_MILLIS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
                return count;
            }

            @Override
            public void close() {
                all.close();
            }
        };
    }

    private static float[] noise(int seconds) {
        Random random = new Random(5);
        float[] samples = new float[seconds * AudioSource.SAMPLE_RATE];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (random.nextGaussian() / 10);
        }
        return samples;
    }
}
