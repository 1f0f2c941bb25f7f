package dev.parlo.server.cli;

import java.io.PrintStream;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Seconds of audio on standard error, with the real-time factor: a bar where the end is known. */
final class AudioProgress implements AutoCloseable {
    private static final PrintStream OUT = System.err;

    private final @Nullable ProgressBar bar;
    private final long startNanos = System.nanoTime();

    private AudioProgress(@Nullable ProgressBar bar) {
        this.bar = bar;
    }

    /** Of a recording, whose length is known. */
    static AudioProgress transcribing(double audioSeconds) {
        return new AudioProgress(
                new ProgressBarBuilder()
                        .setTaskName("Transcribing")
                        .setInitialMax(Math.max(1, Math.round(audioSeconds)))
                        .setUnit("s", 1)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(200)
                        .build());
    }

    /** Of speech, whose length is known when it is over. */
    static AudioProgress speaking() {
        return new AudioProgress(null);
    }

    void at(double audioSeconds) {
        if (audioSeconds <= 0) {
            return;
        }
        double factor = (System.nanoTime() - startNanos) / 1e9 / audioSeconds;
        if (bar == null) {
            OUT.printf(Locale.ROOT, "\rSpeaking: %.1f s, RTF %.2f ", audioSeconds, factor);
            return;
        }
        bar.stepTo(Math.round(audioSeconds));
        bar.setExtraMessage(String.format(Locale.ROOT, " RTF %.2f", factor));
    }

    @Override
    public void close() {
        if (bar == null) {
            OUT.println();
            return;
        }
        bar.stepTo(bar.getMax());
        bar.close();
    }
}
