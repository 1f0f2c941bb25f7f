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

    /** The path of conversations that speak Wyoming. */
    String WYOMING = "wyoming";

    /**
     * A request whose answer has ended.
     *
     * @param id as the client gave it or was told it
     * @param route pattern of the path, as {@code /v1/models/<model_id>}; empty where none matched
     * @param took from the request's head to the end of its answer
     * @param work what models did for it; null for requests that need none
     * @param clientGone the client left before the end
     * @param refusal why it was not done, as the code of the error that it was answered; null where
     *     it was
     * @param notes what else the route has to say, by names as the log writes them
     */
    record FinishedRequest(
            String id,
            String method,
            String path,
            String route,
            int status,
            Duration took,
            @Nullable Work work,
            boolean clientGone,
            @Nullable String refusal,
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
     * @param firstAudio from the same moment to the first byte of speech; null where there was none
     */
    record Work(String model, double audioSeconds, Duration took, @Nullable Duration firstAudio) {}

    /**
     * A conversation over a WebSocket that has ended.
     *
     * @param path of the WebSocket as it was asked for, or {@link #WYOMING}
     * @param closeCode of RFC 6455
     * @param model empty where none was used
     */
    record FinishedConversation(
            String path, int closeCode, Duration took, String model, double audioSeconds) {}

    default void finished(FinishedRequest request) {}

    /**
     * A conversation begins; {@link #finished(FinishedConversation)} follows for each.
     *
     * @param path as {@link FinishedConversation#path}
     */
    default void begun(String path) {}

    default void finished(FinishedConversation conversation) {}

    /** A request or a conversation came while the server was stopping, and was refused. */
    default void refused() {}

    /** Tells several, each whatever the others throw. */
    static RequestObserver all(RequestObserver... observers) {
        return new RequestObservers(List.of(observers));
    }
}
