package dev.parlo.server.http;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hears what becomes of requests and conversations, for logs and metrics. Calls come from any
 * thread and must be short; what an observer throws is logged and dropped.
 */
public interface RequestObserver {
    /** Hears nothing. */
    RequestObserver NONE = new RequestObserver() {};

    /**
     * A request whose answer has ended.
     *
     * @param route pattern of the path, as {@code /v1/models/<model_id>}; empty where none matched
     * @param took from the request's head to the end of its answer
     * @param work what models did for it; null for requests that need none
     * @param clientGone the client left before the end
     * @param notes what else the route has to say, by names as the log writes them
     */
    record FinishedRequest(
            String method,
            String path,
            String route,
            int status,
            Duration took,
            @Nullable Work work,
            boolean clientGone,
            Map<String, Object> notes) {
        public FinishedRequest {
            notes = Collections.unmodifiableMap(new LinkedHashMap<>(notes)); // in their order
        }
    }

    /**
     * What a model did for a request.
     *
     * @param audioSeconds heard or spoken; 0 where nothing was
     * @param took of the request after its body was read, waiting included
     */
    record Work(String model, double audioSeconds, Duration took) {}

    /**
     * A conversation over a WebSocket that has ended.
     *
     * @param closeCode of RFC 6455
     * @param model empty where none was used
     */
    record FinishedConversation(
            String path, int closeCode, Duration took, String model, double audioSeconds) {}

    default void finished(FinishedRequest request) {}

    default void finished(FinishedConversation conversation) {}

    /** A request or a conversation came while the server was stopping, and was refused. */
    default void refused() {}

    /** Tells several, each whatever the others throw. */
    static RequestObserver all(RequestObserver... observers) {
        return new RequestObservers(List.of(observers));
    }
}
