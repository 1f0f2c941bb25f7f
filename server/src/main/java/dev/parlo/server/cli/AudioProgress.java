package dev.parlo.server.cli;

import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar of seconds of audio on standard error, with the real-time factor. */
final class AudioProgress implements AutoCloseable {
    private final ProgressBar bar;
    private final boolean lengthKnown;
    private final long startNanos = System.nanoTime();

    private AudioProgress(String task, long seconds) {
        lengthKnown = seconds > 0;
        bar =
                new ProgressBarBuilder()
                        .setTaskName(task)
                        .setInitialMax(seconds)
                        .setUnit("s", 1)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(200)
                        .build();
    }

    /** Of a recording, whose length is known. */
    static AudioProgress transcribing(double audioSeconds) {
        return new AudioProgress("Transcribing", Math.max(1, Math.round(audioSeconds)));
    }

    /** Of speech, whose length is known when it is over. */
    static AudioProgress speaking() {
        return new AudioProgress("Speaking", -1);
    }

    void at(double audioSeconds) {
        bar.stepTo(Math.round(audioSeconds));
        if (audioSeconds > 0) {
            double wall = (System.nanoTime() - startNanos) / 1e9;
            bar.setExtraMessage(String.format(Locale.ROOT, " RTF %.2f", wall / audioSeconds));
        }
    }

    @Override
    public void close() {
        if (lengthKnown) {
            bar.stepTo(bar.getMax());
        }
        bar.close();
    }
}
