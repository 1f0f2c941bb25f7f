package dev.parlo.server.cli;

import dev.parlo.engine.ByteAmount;
import java.io.PrintWriter;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A download's progress on standard error: a bar at a terminal, a line per tenth elsewhere. */
final class DownloadBar implements AutoCloseable {
    private static final int MEBIBYTE = 1 << 20;

    private final PrintWriter err;
    private final boolean terminal;
    private @Nullable ProgressBar bar;
    private long lastTenth = -1;

    DownloadBar(PrintWriter err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    synchronized void at(ModelSource.Progress progress) {
        if (progress.totalBytes() <= 0) {
            return;
        }
        if (!terminal) {
            plain(progress);
            return;
        }
        if (bar == null) {
            bar =
                    new ProgressBarBuilder()
                            .setTaskName("Downloading")
                            .setInitialMax(progress.totalBytes())
                            .setUnit(" MiB", MEBIBYTE)
                            .showSpeed()
                            .setStyle(ProgressBarStyle.ASCII)
                            .setUpdateIntervalMillis(200)
                            .build();
        }
        bar.stepTo(progress.bytes());
        bar.setExtraMessage(" " + progress.file());
    }

    private void plain(ModelSource.Progress progress) {
        long tenth = progress.bytes() * 10 / progress.totalBytes();
        if (tenth > lastTenth) {
            lastTenth = tenth;
            err.printf(
                    Locale.ROOT,
                    "%d %% of %s%n",
                    tenth * 10,
                    ByteAmount.text(progress.totalBytes()));
            err.flush();
        }
    }

    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
