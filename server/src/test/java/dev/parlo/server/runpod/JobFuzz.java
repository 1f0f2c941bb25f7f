package dev.parlo.server.runpod;

import dev.parlo.engine.Cancellation;
import dev.parlo.registry.hub.NetworkSettings;
import dev.parlo.server.fileurl.FileFetcher;
import dev.parlo.server.fileurl.FileUrlSettings;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.UploadLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import okhttp3.Dns;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Jobs of RunPod's queue, up to the request that they make of this server. None listens there, and
 * no files are fetched: whatever a job holds, it must have a result.
 */
public final class JobFuzz {
    private static final JobHandler HANDLER =
            new JobHandler(
                    "http://127.0.0.1:1/",
                    new FileFetcher(
                            new FileUrlSettings(false, List.of(), List.of(), Duration.ofSeconds(1)),
                            new UploadLimits(Path.of("target"), 1),
                            NetworkSettings.direct(),
                            Dns.SYSTEM));

    private JobFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        JsonNode sent;
        try {
            sent = Json.mapper().readTree(input);
        } catch (JacksonException notJson) {
            return;
        }
        Job.of(sent).ifPresent(Job::synchronous);
        if (!(HANDLER.handle(sent, JobHandler.Listener.NONE, new Cancellation())
                instanceof JobResult.Failed)) {
            throw new IllegalStateException("nothing listens, and the job is done");
        }
    }
}
