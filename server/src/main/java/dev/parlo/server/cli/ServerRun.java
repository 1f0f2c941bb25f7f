package dev.parlo.server.cli;

import dev.parlo.server.Application;
import dev.parlo.server.ProgramHome;
import dev.parlo.server.Setting;
import dev.parlo.server.Settings;
import dev.parlo.server.SettingsLoader;
import dev.parlo.server.device.Devices;
import dev.parlo.server.transcription.ComputeChoice;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of the server, from its settings to its end. Not thread-safe.
 *
 * @param out where the banner goes
 */
record ServerRun(Map<String, String> environment, Wiring wiring, PrintWriter out) {
    /** What runs beside the server, from its start to its stop. */
    interface Companion {
        /**
         * Begins.
         *
         * @param stop has the server stop as a signal does
         */
        AutoCloseable start(Application application, Settings settings, Runnable stop);

        /** Nothing. */
        Companion NONE = (application, settings, stop) -> () -> {};
    }

    /**
     * Starts, waits for a signal and stops.
     *
     * @param flags settings from the command line, which win over the environment
     * @param exitAfterStart whether to answer a few requests of our own instead of waiting
     * @return the exit status
     */
    int run(Map<Setting, String> flags, boolean exitAfterStart) throws InterruptedException {
        return run(flags, exitAfterStart, true, Companion.NONE);
    }

    /**
     * The same with something beside it, which is stopped first.
     *
     * @param banner whether the server introduces itself
     * @throws RuntimeException of the companion; the server is stopped then
     */
    int run(Map<Setting, String> flags, boolean exitAfterStart, boolean banner, Companion companion)
            throws InterruptedException {
        StopSignal stop = new StopSignal(Thread.currentThread());
        if (!exitAfterStart) {
            // Before anything else: the start may take long, with PRELOAD_STRICT.
            Signals.onStop(stop::ask);
        }
        LogSettings.apply(SettingsLoader.logging(environment, flags));
        Path home = ProgramHome.find();
        Settings settings = SettingsLoader.load(environment, flags, home);
        Logger log = LoggerFactory.getLogger(ServerRun.class);
        settings.warnings().forEach(log::warn);
        Devices devices;
        Application application;
        try {
            devices = wiring.devices().apply(settings);
            devices.lines().forEach(log::info);
            ComputeChoice.warning(settings.whisper(), devices.whisper()).ifPresent(log::warn);
            NativeFiles.keep(settings, devices);
            application =
                    Application.start(
                            settings,
                            home,
                            devices,
                            wiring.speechToText().apply(settings, devices),
                            wiring.audio().apply(settings));
        } catch (RuntimeException | Error failure) {
            // The signal interrupted the start, which closed all: a library that was being unpacked
            // fails with an UnsatisfiedLinkError.
            if (stop.isAsked()) {
                log.info("Stopped.");
                return 0;
            }
            throw failure;
        }
        if (exitAfterStart) {
            WarmUp.run(application, home);
            application.close();
            WarmUp.transcribe(environment, wiring, home);
            return 0;
        }
        if (banner && !stop.isAsked()) {
            new Banner(
                            URI.create(application.url()),
                            application::installedModels,
                            home,
                            ComputeChoice.describe(settings.whisper(), devices.whisper()))
                    .print(out);
        }
        stop.started();
        try (AutoCloseable beside = companion.start(application, settings, stop::ask)) {
            stop.await();
            log.info("Stopping; running requests may finish.");
        } catch (InterruptedException | RuntimeException failure) {
            application.close();
            throw failure;
        } catch (Exception failure) {
            log.warn("What runs beside the server did not end in order", failure);
        }
        application.close();
        log.info("Stopped.");
        if (application.stillComputing()) {
            Runtime.getRuntime().halt(0);
        }
        return 0;
    }
}
