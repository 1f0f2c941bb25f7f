package dev.parlo.engine.log;

import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Lets what a thread logs for another one say for whom: the ids of a request are the calling
 * thread's alone (SLF4J's MDC), and engines compute on threads of their own. Where nobody set an
 * id, as in a program that embeds an engine and does not use them, nothing is carried.
 */
public final class CallersLog {
    /** What the id of a request is called in the log. */
    public static final String REQUEST_ID = "request_id";

    private CallersLog() {}

    /** The id of the request that the calling thread works for; null where it has none. */
    public static @Nullable String requestId() {
        return MDC.get(REQUEST_ID);
    }

    /** Work that logs with the ids that the thread which calls this has now. */
    public static Runnable carried(Runnable work) {
        Map<String, String> ids = MDC.getCopyOfContextMap();
        return () -> {
            Map<String, String> before = replace(ids);
            try {
                work.run();
            } finally {
                replace(before);
            }
        };
    }

    /** The same of work with a result. */
    public static <T extends @Nullable Object> Callable<T> carried(Callable<T> work) {
        Map<String, String> ids = MDC.getCopyOfContextMap();
        return () -> {
            Map<String, String> before = replace(ids);
            try {
                return work.call();
            } finally {
                replace(before);
            }
        };
    }

    /** Answers what was there: the thread is another request's the next time. */
    private static @Nullable Map<String, String> replace(@Nullable Map<String, String> ids) {
        Map<String, String> before = MDC.getCopyOfContextMap();
        if (ids == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(ids);
        }
        return before;
    }
}
