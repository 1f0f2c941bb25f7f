package dev.parlo.server.trace;

import dev.parlo.engine.EngineObserver;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Follows requests and conversations through the server. What is begun is the span of the thread
 * until its {@link Scope} is closed; what engines do for a place that was taken meanwhile belongs
 * to it. Thread-safe; nothing here blocks or throws.
 */
public interface Traces {
    /** Follows nothing. The ids of a client's own trace still reach the log. */
    Traces NONE = new Traces() {};

    /** Something under way. Thread-safe. */
    interface Span {
        /** Followed by nobody. */
        Span NONE = new Span() {};

        /** Empty where nothing is known of a trace. */
        default Optional<TraceIds> ids() {
            return Optional.empty();
        }

        /** Makes it that of the calling thread. */
        default Scope enter() {
            return Scope.NONE;
        }

        /** Notes something: a text, a number or a truth value. */
        default void note(String name, Object value) {}

        /** It failed; {@code reason} is one of few, such as the code of an error. */
        default void failed(String reason) {}

        /** It is called so from now on. */
        default void rename(String name) {}

        /** It is over. Harmless when repeated. */
        default void end() {}
    }

    /** Until it is closed, a span is that of the thread. */
    interface Scope extends AutoCloseable {
        /** Of a span that nobody follows. */
        Scope NONE = () -> {};

        @Override
        void close();
    }

    /**
     * A request comes in, or a conversation.
     *
     * @param method of HTTP
     * @param path as it was asked for
     * @param header answers the request's headers
     */
    default Span server(
            String method, String path, Function<String, ? extends @Nullable String> header) {
        Optional<TraceIds> given = TraceIds.of(header.apply("traceparent"));
        return given.isEmpty()
                ? Span.NONE
                : new Span() {
                    @Override
                    public Optional<TraceIds> ids() {
                        return given;
                    }
                };
    }

    /**
     * A conversation over a protocol that carries no ids of a trace begins.
     *
     * @param protocol one of few
     */
    default Span session(String protocol) {
        return Span.NONE;
    }

    /** A part of what the calling thread does begins. */
    default Span part(String name) {
        return Span.NONE;
    }

    /** A question of the calling thread to another server begins. */
    default Span question(String name) {
        return Span.NONE;
    }

    /**
     * Hands over the headers by which another server goes on with the span of the calling thread.
     *
     * @param header takes a name and a value
     */
    default void passOn(BiConsumer<String, String> header) {}

    /** Hears what engines do for the span of the calling thread. */
    default EngineObserver engines() {
        return EngineObserver.NONE;
    }

    /** The span of the calling thread, for others that go on with it. */
    default Span current() {
        return Span.NONE;
    }
}
