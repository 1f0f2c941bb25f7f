package dev.parlo.server.cli;

import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar of seconds of audio on standard error, with the time left and the real-time factor. */
final class AudioProgress implements AutoCloseable {
    private final ProgressBar bar;
    private final long startNanos = System.nanoTime();

    AudioProgress(double audioSeconds) {
        bar =
                new ProgressBarBuilder()
                        .setTaskName("Transcribing")
                        .setInitialMax(Math.max(1, Math.round(audioSeconds)))
                        .setUnit("s", 1)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(200)
                        .build();
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
        bar.stepTo(bar.getMax());
        bar.close();
    }
}
