package dev.parlo.server;

import com.sun.management.OperatingSystemMXBean;
import dev.parlo.engine.audio.AudioGaps;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.registry.hub.NetworkSettings;
import dev.parlo.server.device.DeviceSetting;
import dev.parlo.server.device.GpuSettings;
import dev.parlo.server.fileurl.FileUrlSettings;
import dev.parlo.server.http.HttpLimits;
import dev.parlo.server.llm.LlmSettings;
import dev.parlo.server.realtime.RealtimeLimits;
import dev.parlo.server.socket.SocketLimits;
import dev.parlo.server.telemetry.TelemetrySettings;
import dev.parlo.server.wyoming.WyomingSettings;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Everything that can be set, read once at start by {@link SettingsLoader}. Immutable.
 *
 * @param warnings about values that were given and mean nothing
 */
public record Settings(
        Listen listen,
        Access access,
        Logging logging,
        Limits limits,
        Audio audio,
        Files files,
        Models models,
        Whisper whisper,
        GpuSettings gpu,
        Speech speech,
        Hub hub,
        LlmSettings llm,
        WyomingSettings wyoming,
        FileUrlSettings fileUrls,
        TelemetrySettings telemetry,
        List<String> warnings) {

    public Settings {
        warnings = List.copyOf(warnings);
    }

    /**
     * @param port 0 for any free one
     */
    public record Listen(String host, int port, Duration shutdownDelay, Duration shutdownTimeout) {}

    /**
     * @param apiKeys empty: open to everyone
     * @param openAiStrict 401 instead of 403, and the like
     * @param publicLists speech models and voices are listed without a key
     * @param allowedHosts names of this server besides those of a loopback address
     * @param metrics who may read {@code /metrics}
     */
    public record Access(
            List<String> apiKeys,
            boolean openAiStrict,
            boolean publicLists,
            List<String> allowOrigins,
            List<String> allowedHosts,
            Metrics metrics) {
        public Access {
            apiKeys = List.copyOf(apiKeys);
            allowOrigins = List.copyOf(allowOrigins);
            allowedHosts = List.copyOf(allowedHosts);
        }

        /** Hides the keys. */
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "Access[%d keys, openAiStrict=%s, allowOrigins=%s]",
                    apiKeys.size(),
                    openAiStrict,
                    allowOrigins);
        }
    }

    /** Who may read {@code /metrics}. */
    public enum Metrics {
        /** Those who may use the API. */
        ON,
        /** Everyone, also where the API needs a key. */
        OPEN,
        /** Nobody; nothing is measured. */
        OFF
    }

    /** How much is logged, and in which form. */
    public record Logging(Level level, Format format) {
        /** From which weight on lines are written. */
        public enum Level {
            DEBUG,
            INFO,
            WARNING,
            ERROR,
            CRITICAL
        }

        /** How lines are written. */
        public enum Format {
            TEXT,
            JSON
        }
    }

    /**
     * @param audioSeconds of one request; empty for no limit
     * @param transcriptionQueue requests that may wait for one model
     * @param longestWait for the first turn at a model; zero for no limit
     * @param requestTime of one request; zero for no limit
     * @param stepTime of one step of native code; zero for no limit
     */
    public record Limits(
            HttpLimits http,
            long uploadBytes,
            OptionalLong audioSeconds,
            int transcriptionQueue,
            int speechQueue,
            Duration longestWait,
            Duration requestTime,
            Duration stepTime,
            SocketLimits sockets,
            RealtimeLimits realtime) {

        /** The longest audio of a request in seconds; infinite for no limit. */
        public double mostAudioSeconds() {
            return audioSeconds.isPresent() ? audioSeconds.getAsLong() : Double.POSITIVE_INFINITY;
        }
    }

    /**
     * How uploaded audio is read.
     *
     * @param gaps what becomes of time without audio
     */
    public record Audio(AudioGaps gaps) {}

    /**
     * @param models local models as {@code <owner>/<name>}, where given
     * @param aliases may be absent on disk
     * @param cache converted weights and unpacked libraries
     * @param temporary uploads while a request runs
     * @param prepared what the cache would hold, made when the program was packed; may be absent on
     *     disk
     */
    public record Files(
            Optional<Path> models, Path aliases, Path cache, Path temporary, Path prepared) {
        /** The cache, a temporary folder for what it cannot keep, and what was prepared for it. */
        public CacheFolder cacheFolder() {
            return new CacheFolder(cache, temporary, Optional.of(prepared));
        }
    }

    /**
     * How long models stay loaded and which are loaded when. A negative idle time is for ever.
     *
     * @param memoryBudgetBytes 0: half of the memory
     */
    public record Models(
            Duration transcriptionIdle,
            Duration speechIdle,
            Duration voiceActivityIdle,
            Duration loadTimeout,
            long memoryBudgetBytes,
            List<String> preload,
            boolean preloadStrict,
            boolean autoDownload,
            ListAliases listAliases) {
        public Models {
            preload = List.copyOf(preload);
        }

        /** Bytes that loaded models may take together. */
        public long memoryBudget() {
            if (memoryBudgetBytes > 0) {
                return memoryBudgetBytes;
            }
            // Of the container, where there is one.
            return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                            .getTotalMemorySize()
                    / 2;
        }

        /** Whether a plain list of models shows aliases. */
        public enum ListAliases {
            OFF,
            ADD,
            ONLY
        }
    }

    /**
     * @param device where checkpoints are computed
     * @param computeType {@code auto}, or a type by CTranslate2's name
     * @param threads 0: as many as suit the machine
     * @param workers windows computed side by side, 0: as many as gain from it
     * @param audioContext audio positions of windows, 0: all
     */
    public record Whisper(
            DeviceSetting device, String computeType, int threads, int workers, int audioContext) {
        /** More windows in one step of the decoder would wait longer than the step gets cheaper. */
        private static final int MOST_WINDOWS = 16;

        /**
         * Windows that a model computes at a time.
         *
         * @param sharesSteps whether windows side by side cost less than one after another
         */
        public int windows(boolean sharesSteps) {
            if (workers > 0) {
                return workers;
            }
            return sharesSteps ? MOST_WINDOWS : 1;
        }
    }

    /**
     * @param fallback espeak-ng answers for a model that is not installed
     * @param voiceFallback the first voice answers for an unknown one
     * @param pronunciations a file that need not exist
     * @param kokoroLexicons a folder of dictionaries in Kokoro's alphabet
     * @param voiceTags voice tags in texts are understood
     * @param mostCharacters of the text of one request; 0 for no limit
     * @param mostSilence of its pauses together; zero for no limit
     * @param kokoroDevice where Kokoro is computed
     */
    public record Speech(
            boolean fallback,
            boolean voiceFallback,
            Path voiceAliases,
            Optional<Path> espeakLibrary,
            Optional<Path> espeakData,
            Path pronunciations,
            Optional<Path> kokoroLexicons,
            boolean voiceTags,
            long mostCharacters,
            Duration mostSilence,
            DeviceSetting kokoroDevice) {}

    /**
     * The Hugging Face Hub.
     *
     * @param implicitToken whether the token is sent with every request
     * @param parallelRanges several ranges of one large file at once
     * @param links whether the cache is filled with links where they can be made
     * @param network proxies and trusted certificates
     */
    public record Hub(
            URI endpoint,
            Optional<String> token,
            Path cache,
            boolean offline,
            boolean parallelRanges,
            Duration etagTimeout,
            Duration downloadTimeout,
            boolean implicitToken,
            boolean links,
            NetworkSettings network) {

        /** Hides the token. */
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "Hub[%s, token %s, cache=%s, offline=%s]",
                    endpoint,
                    token.isPresent() ? "set" : "not set",
                    cache,
                    offline);
        }
    }
}
