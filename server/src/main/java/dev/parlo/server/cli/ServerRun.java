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
    /**
     * Starts, waits for a signal and stops.
     *
     * @param flags settings from the command line, which win over the environment
     * @param exitAfterStart whether to answer a few requests of our own instead of waiting
     * @return the exit status
     */
    int run(Map<Setting, String> flags, boolean exitAfterStart) throws InterruptedException {
        StopSignal stop = new StopSignal(Thread.currentThread());
        if (!exitAfterStart) {
            // Before anything else: the start may take long, with PRELOAD_STRICT.
            Signals.onStop(stop::ask);
        }
        Path home = ProgramHome.find();
        Settings settings = SettingsLoader.load(environment, flags, home);
        LogSettings.apply(settings.logging());
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
        if (!stop.isAsked()) {
            new Banner(
                            URI.create(application.url()),
                            application::installedModels,
                            home,
                            ComputeChoice.describe(settings.whisper(), devices.whisper()))
                    .print(out);
        }
        stop.started();
        stop.await();
        log.info("Stopping; running requests may finish.");
        application.close();
        log.info("Stopped.");
        if (application.stillComputing()) {
            Runtime.getRuntime().halt(0);
        }
        return 0;
    }
}
