package dev.parlo.server.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Lets only those in who send one of the keys, as {@code Authorization: Bearer}, {@code X-API-Key}
 * or {@code xi-api-key}; without keys, everyone. Thread-safe.
 */
public final class ApiKeyCheck {
    private static final String MISSING =
            "API key required. Please provide an API key using the Authorization header with Bearer"
                    + " scheme.";
    private static final String WRONG = "Invalid API key. The provided API key is incorrect.";
    private static final String SCHEME = "bearer ";
    private static final String DEEPGRAMS_SCHEME = "token ";

    /** Answered without a key: probes, documentation, the page at the root. */
    private static final Set<String> PUBLIC =
            Set.of(
                    "/",
                    "/favicon.ico",
                    "/health",
                    "/healthz",
                    "/health/live",
                    "/health/ready",
                    "/ping",
                    "/docs",
                    "/redoc",
                    "/openapi.json");

    private static final List<String> PUBLIC_BELOW = List.of("/docs/", "/redoc/", "/page/");

    /** GET and HEAD of these only tell how to use them. */
    private static final Set<String> PUBLIC_TO_READ =
            Set.of("/v1/audio/transcriptions", "/v1/audio/translations", "/v1/audio/speech");

    /** What Open WebUI reads without its key; without an answer it offers other names. */
    private static final Set<String> LISTS = Set.of("/v1/audio/models", "/v1/audio/voices");

    /** WebSockets below this path may bring their key in the first message instead. */
    private static final String KEY_IN_MESSAGE = "/v1/text-to-speech/";

    /** WebSockets at this path open with a short-lived key, too. */
    private static final String REALTIME = "/v1/realtime";

    /** Browsers cannot set headers on a WebSocket; they name its subprotocol. */
    private static final String PROTOCOLS = "Sec-WebSocket-Protocol";

    private static final String KEY_PROTOCOL = "openai-insecure-api-key.";

    private final List<byte[]> digests;
    private final boolean openAiStrict;
    private final boolean publicLists;
    private final Set<String> open;
    private final Predicate<String> shortLived;

    /**
     * @param keys none: open to everyone
     * @param openAiStrict 401 instead of 403
     * @throws IllegalArgumentException for an empty key, which would let everyone in
     */
    public ApiKeyCheck(List<String> keys, boolean openAiStrict) {
        this(keys, openAiStrict, false, Set.of(), key -> false);
    }

    /**
     * @param publicLists speech models and voices are listed without a key
     * @param open more paths that are answered without a key
     * @param shortLived whether a key opens {@code /v1/realtime}, and nothing else
     */
    public ApiKeyCheck(
            List<String> keys,
            boolean openAiStrict,
            boolean publicLists,
            Set<String> open,
            Predicate<String> shortLived) {
        if (keys.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("An API key is empty; leave API_KEY unset instead.");
        }
        this.digests = keys.stream().map(ApiKeyCheck::digest).toList();
        this.openAiStrict = openAiStrict;
        this.publicLists = publicLists;
        this.open = Set.copyOf(open);
        this.shortLived = shortLived;
    }

    /** Puts the check in front of every route that is registered after it. */
    public void register(RoutesConfig routes) {
        if (!digests.isEmpty()) {
            routes.before(this::check);
            routes.wsBeforeUpgrade(this::checkUpgrade);
        }
    }

    private void check(Context ctx) {
        if (!isPublic(ctx.method(), ctx.path())) {
            require(presented(ctx.header("Authorization"), keyHeader(ctx::header)));
        }
    }

    private void checkUpgrade(Context ctx) {
        String key = presentedOnUpgrade(ctx::header, ctx::queryParam);
        if (key != null && ctx.path().equals(REALTIME) && shortLived.test(key)) {
            return;
        }
        if (key != null || !ctx.path().startsWith(KEY_IN_MESSAGE)) {
            require(key);
        }
    }

    /**
     * The key with which a client asks for a WebSocket; browsers can only put it into the address.
     * The first one counts, in the order address, {@code Authorization}, the headers for keys, the
     * subprotocol {@code openai-insecure-api-key.KEY}. Null for none.
     */
    public static @Nullable String presentedOnUpgrade(
            Function<String, @Nullable String> header, Function<String, @Nullable String> query) {
        for (String value : new String[] {query.apply("api_key"), query.apply("authorization")}) {
            if (value != null && !value.isBlank()) {
                return bare(value);
            }
        }
        String authorization = header.apply("Authorization");
        if (authorization != null && !authorization.isBlank()) {
            return bare(authorization);
        }
        String inHeader = presented(null, keyHeader(header));
        return inHeader == null ? inProtocols(header.apply(PROTOCOLS)) : inHeader;
    }

    private static @Nullable String inProtocols(@Nullable String offered) {
        if (offered != null) {
            for (String protocol : offered.split(",", -1)) {
                String name = protocol.strip();
                if (name.startsWith(KEY_PROTOCOL) && name.length() > KEY_PROTOCOL.length()) {
                    return name.substring(KEY_PROTOCOL.length());
                }
            }
        }
        return null;
    }

    private static @Nullable String keyHeader(Function<String, @Nullable String> header) {
        String own = header.apply("X-API-Key");
        return own == null || own.isBlank() ? header.apply("xi-api-key") : own;
    }

    /** A key with or without its scheme, as clients of WebSockets send it. */
    public static String bare(String value) {
        String stripped = value.strip();
        for (String scheme : new String[] {SCHEME, DEEPGRAMS_SCHEME}) {
            if (stripped.regionMatches(true, 0, scheme, 0, scheme.length())) {
                return stripped.substring(scheme.length()).strip();
            }
        }
        return stripped;
    }

    /**
     * @throws ApiError unless the key is one of ours or none is needed
     */
    public void require(@Nullable String key) {
        if (!accepts(key)) {
            throw ApiError.of(
                            openAiStrict ? 401 : 403,
                            key == null ? MISSING : WRONG,
                            "invalid_api_key")
                    .withHeader("WWW-Authenticate", "Bearer");
        }
    }

    /**
     * Whether this key opens the door; the time it takes does not tell how much of it was right.
     */
    public boolean accepts(@Nullable String key) {
        if (digests.isEmpty()) {
            return true;
        }
        if (key == null) {
            return false;
        }
        byte[] given = digest(key);
        boolean match = false;
        for (byte[] digest : digests) {
            match |= MessageDigest.isEqual(digest, given);
        }
        return match;
    }

    /** The key that a request carries; null for none. */
    static @Nullable String presented(@Nullable String authorization, @Nullable String keyHeader) {
        if (authorization != null
                && authorization.length() > SCHEME.length()
                && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            String key = authorization.substring(SCHEME.length()).strip();
            if (!key.isEmpty()) {
                return key;
            }
        }
        return keyHeader == null || keyHeader.isBlank() ? null : keyHeader.strip();
    }

    private boolean isPublic(HandlerType method, String path) {
        if (method == HandlerType.OPTIONS) {
            return true; // a browser asks without credentials; no route answers to it
        }
        boolean reads = method == HandlerType.GET || method == HandlerType.HEAD;
        if (!reads) {
            return false;
        }
        String plain =
                path.length() > 1 && path.endsWith("/")
                        ? path.substring(0, path.length() - 1)
                        : path;
        return PUBLIC.contains(plain)
                || open.contains(plain)
                || PUBLIC_TO_READ.contains(plain)
                || (publicLists && LISTS.contains(plain))
                || PUBLIC_BELOW.stream().anyMatch(path::startsWith);
    }

    private static byte[] digest(String key) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
