package dev.parlo.server.http;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.admission.OverloadedException;
import dev.parlo.engine.pool.PoolException;
import dev.parlo.registry.RegistryException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.http.servlet.JavalinWsServletContext;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.EofException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place that knows which failure is which status code. */
public final class ErrorMapper {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorMapper.class);

    private static final String LOAD_LIMIT = " The limit is MODEL_LOAD_TIMEOUT.";
    private static final String BUDGET = " The budget is MODEL_MEMORY_BUDGET.";

    private ErrorMapper() {}

    /** Answers every exception that leaves a route with an {@link ApiError}'s body. */
    public static void register(RoutesConfig routes) {
        routes.exception(ApiError.class, ErrorMapper::answer);
        routes.exception(PoolException.class, (e, ctx) -> answer(of(e), ctx));
        routes.exception(EngineException.class, (e, ctx) -> answer(of(e), ctx));
        routes.exception(RegistryException.class, (e, ctx) -> answer(of(e), ctx));
        routes.exception(HttpResponseException.class, (e, ctx) -> answer(of(e), ctx));
        routes.exception(EofException.class, (e, ctx) -> IncompleteAnswer.clientGone(ctx));
        routes.exception(Exception.class, ErrorMapper::other);
    }

    /** Any failure as the error that a client is told of; logs it where it is ours. */
    public static ApiError toApiError(Throwable failure) {
        return switch (failure) {
            case ApiError error -> error;
            case PoolException pool -> of(pool);
            case EngineException engine -> of(engine);
            case RegistryException registry -> of(registry);
            case HttpResponseException http -> of(http);
            case HttpException protocol -> of(protocol);
            default -> unexpected(failure);
        };
    }

    /** What Jetty finds wrong with a request only when somebody asks for that part of it. */
    private static ApiError of(HttpException e) {
        return e.getCode() < 500
                ? ApiError.of(
                        e.getCode(),
                        HttpStatus.forStatus(e.getCode()).getMessage()
                                + (e.getReason() == null ? "" : ": " + e.getReason()))
                : unexpected((Throwable) e);
    }

    private static ApiError of(HttpResponseException e) {
        HttpStatus status = HttpStatus.forStatus(e.getStatus());
        return switch (e.getStatus()) {
            case 404 -> ApiError.of(404, "Not Found");
            case 405 -> methodNotAllowed(e);
            default ->
                    ApiError.of(
                            e.getStatus(),
                            e.getMessage() == null ? status.getMessage() : e.getMessage());
        };
    }

    /** Javalin tells the methods that a path has, under a name that goes by who asks. */
    private static ApiError methodNotAllowed(HttpResponseException e) {
        ApiError error = ApiError.of(405, "Method Not Allowed");
        return e.getDetails().values().stream()
                .findFirst()
                .map(methods -> error.withHeader("Allow", methods))
                .orElse(error);
    }

    private static ApiError of(PoolException e) {
        String message = String.valueOf(e.getMessage());
        ApiError error =
                switch (e.reason()) {
                    case LOAD_TIMEOUT ->
                            ApiError.of(503, message + LOAD_LIMIT, "model_load_timeout");
                    case LOAD_QUEUED -> ApiError.of(503, message + LOAD_LIMIT, "model_load_queued");
                    case NO_ROOM -> ApiError.of(503, message + BUDGET, "no_memory_now");
                    case TOO_LARGE -> ApiError.of(507, message + BUDGET, "model_too_large");
                    case CLOSED, INTERRUPTED -> ApiError.of(503, message, "stopping");
                    case LOAD_FAILED ->
                            e.getCause() instanceof RegistryException registry
                                    ? of(registry)
                                    : of((EngineException) e);
                };
        long retry = e.retryAfter().toSeconds();
        return (retry > 0 ? error.withHeader("Retry-After", String.valueOf(retry)) : error)
                .withCause(e);
    }

    private static ApiError of(RegistryException e) {
        if (e.category() == RegistryException.Category.IO && exhausted(e)) {
            return unexpected(e);
        }
        String message = e.getMessage();
        ApiError error =
                switch (e.category()) {
                    case INVALID_ID ->
                            ApiError.of(400, message, "invalid_model_id").withParam("model");
                    case NOT_FOUND, NO_VARIANT ->
                            ApiError.of(404, message, "model_not_found").withParam("model");
                    case UNSUPPORTED ->
                            ApiError.of(404, message, "model_not_supported").withParam("model");
                    case BROKEN -> ApiError.of(500, message, "invalid_model").withParam("model");
                    case GATED -> ApiError.of(401, message, "gated_model");
                    case UNAUTHORIZED -> ApiError.of(401, message, "hub_unauthorized");
                    case FORBIDDEN -> ApiError.of(403, message, "hub_forbidden");
                    case OFFLINE -> ApiError.of(503, message, "hub_offline");
                    case UNAVAILABLE -> ApiError.of(502, message, "hub_unavailable");
                    case RATE_LIMITED -> ApiError.of(503, message, "hub_rate_limited");
                    case NO_SPACE -> ApiError.of(507, message, "no_space");
                    case CORRUPT -> ApiError.of(502, message, "corrupt_download");
                    case CANCELLED -> ApiError.of(409, message, "cancelled");
                    case CONFLICT -> ApiError.of(409, message, "conflict");
                    case IO -> ApiError.of(500, message, "disk_failure");
                    case INVALID_ALIASES -> ApiError.of(500, message, "invalid_aliases");
                };
        if (error.status() == 500) {
            LOG.error(
                    "{}", message); // one line: the disk's own words and the path are logged before
            LOG.debug("{}", message, e);
        }
        ApiError hinted = e.hint().map(error::withHint).orElse(error);
        ApiError timed =
                e.retryAfter()
                        .map(wait ->
                                hinted.withHeader(
                                        "Retry-After",
                                        String.valueOf(Math.max(1, wait.toSeconds()))))
                        .orElse(hinted);
        return timed.withCause(e);
    }

    private static ApiError of(EngineException e) {
        String message = String.valueOf(e.getMessage());
        if (e.category() == EngineException.Category.INTERNAL
                && e.getCause() != null
                && (message.contains(e.getCause().getClass().getName()) || exhausted(e))) {
            return unexpected(e); // a class of Java's tells a client nothing; the log has it all
        }
        ApiError error =
                switch (e.category()) {
                    case BAD_REQUEST -> ApiError.of(400, message);
                    case UNSUPPORTED_AUDIO -> ApiError.of(415, message, "unsupported_audio");
                    case BAD_AUDIO -> ApiError.of(400, message, "invalid_audio");
                    case TOO_LARGE -> ApiError.of(413, message, "too_large");
                    case BAD_MODEL -> ApiError.of(500, message, "invalid_model");
                    case OVERLOADED ->
                            ApiError.of(429, message, "overloaded")
                                    .withHeader("Retry-After", retryAfter(e));
                    case NO_SPACE -> ApiError.of(507, message, "no_space");
                    case DEVICE_LOST ->
                            ApiError.of(503, message, "device_lost").withHeader("Retry-After", "1");
                    case STUCK -> ApiError.stuck(message);
                    case CANCELLED -> ApiError.of(503, message, "cancelled");
                    case INTERNAL -> ApiError.of(500, message);
                };
        if (e.category() == EngineException.Category.BAD_MODEL) {
            // the message tells all about the file; a failed load is in the log already
            if (!(e instanceof PoolException)) {
                LOG.error("{}", message);
            }
            LOG.debug("{}", message, e);
        } else if (error.status() == 500) {
            LOG.error("{}", message, e);
        }
        return error.withCause(e);
    }

    private static void other(Exception e, Context ctx) {
        if (RunningRequest.of(ctx).clientIsGone()) {
            // A connection that broke while it was being asked refuses writes as it likes.
            LOG.debug("The client left", e);
            IncompleteAnswer.clientGone(ctx);
        } else {
            answer(toApiError(e), ctx);
        }
    }

    private static String retryAfter(EngineException refused) {
        return refused instanceof OverloadedException overloaded
                ? String.valueOf(Math.max(1, (overloaded.retryAfter().toMillis() + 999) / 1000))
                : ApiError.SHORTLY;
    }

    private static ApiError unexpected(Throwable e) {
        if (exhausted(e)) {
            LOG.warn("The system gives no more: {}", rootOf(e).toString());
            return ApiError.of(
                            503,
                            "The server has no thread, memory or file left for this at the moment."
                                    + " Try again later.",
                            "exhausted")
                    .withHeader("Retry-After", ApiError.SHORTLY)
                    .withCause(e);
        }
        String id = UUID.randomUUID().toString();
        LOG.error("Unexpected failure, error id {}", id, e);
        return ApiError.of(500, "Internal Server Error (error id " + id + ")", "internal_error")
                .withCause(e);
    }

    /**
     * Whether the system refused a thread, memory or a descriptor: that passes, unlike a fault of
     * the program. For descriptors Java has the system's words only.
     */
    private static boolean exhausted(Throwable failure) {
        Throwable root = rootOf(failure);
        return root instanceof OutOfMemoryError
                || root instanceof IOException
                        && String.valueOf(root.getMessage()).contains("Too many open files");
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = root.getCause(); cause != null; cause = root.getCause()) {
            root = cause;
        }
        return root;
    }

    private static void answer(ApiError mapped, Context ctx) {
        ApiError error = RunningRequest.of(ctx).failure(mapped);
        RunningRequest.of(ctx).refused(error);
        if (ctx.res().isCommitted()) {
            // The status line is out; breaking the connection is the only way left to say so.
            RunningRequest.of(ctx).note("error", error.status());
            IncompleteAnswer.abort(ctx, error);
            return;
        }
        error.headers().forEach(ctx::header);
        ctx.status(error.status());
        if (ctx instanceof JavalinWsServletContext) {
            refuseUpgrade(error, ctx);
        } else if (RequestBody.unread(ctx)) {
            refuse(error, ctx);
        } else {
            Json.respond(ctx, error.body());
        }
    }

    /**
     * Javalin writes no result to one who asked for a WebSocket, and chose a subprotocol before.
     */
    private static void refuseUpgrade(ApiError error, Context ctx) {
        ctx.res().setHeader("Sec-WebSocket-Protocol", null); // the first one may hold a key
        try {
            write(error, ctx);
        } catch (IOException gone) {
            IncompleteAnswer.clientGone(ctx);
        }
    }

    private static void write(ApiError error, Context ctx) throws IOException {
        byte[] body = Json.mapper().writeValueAsBytes(error.body());
        ctx.contentType("application/json");
        ctx.res().setContentLength(body.length);
        ctx.res().getOutputStream().write(body);
        ctx.res().flushBuffer();
    }

    /** Answers before the body was read: the answer goes out first, then the body is drained. */
    private static void refuse(ApiError error, Context ctx) {
        try {
            ctx.header("Connection", "close");
            write(error, ctx);
        } catch (IOException gone) {
            IncompleteAnswer.clientGone(ctx);
            return;
        }
        RequestBody.drain(ctx);
    }

    /** An Error is answered like any failure, and breaks off an answer that has begun. */
    static void answer(HttpServletResponse response, Error failure) {
        ApiError error = unexpected(failure);
        if (response.isCommitted()) {
            IncompleteAnswer.abort(response, failure);
            return;
        }
        try {
            byte[] body = Json.mapper().writeValueAsBytes(error.body());
            response.setStatus(error.status());
            error.headers().forEach(response::setHeader);
            response.setContentType("application/json");
            response.getOutputStream().write(body);
        } catch (IOException gone) {
            IncompleteAnswer.abort(response, gone);
        }
    }
}
