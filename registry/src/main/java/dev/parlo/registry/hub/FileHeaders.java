package dev.parlo.registry.hub;

import java.util.Optional;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * What the answers to a HEAD say of a file, gathered along its redirects: the first hash and size
 * count, as later ones may come from a store that hashes otherwise.
 *
 * @param commit {@code X-Repo-Commit}
 * @param etag {@code X-Linked-Etag}, else {@code ETag}
 * @param size {@code X-Linked-Size}, else {@code Content-Length}
 */
record FileHeaders(Optional<String> commit, Optional<String> etag, Optional<String> size) {
    static final FileHeaders NONE =
            new FileHeaders(Optional.empty(), Optional.empty(), Optional.empty());

    /** Whether nothing more need be asked. */
    boolean isComplete() {
        return etag.isPresent() && size.isPresent();
    }

    /** With what an answer says of the file behind it. */
    FileHeaders and(Response response) {
        // A renamed repository redirects with a commit of its old name's; the later one counts.
        return new FileHeaders(
                Optional.ofNullable(response.header("X-Repo-Commit")).or(() -> commit),
                first(etag, response.header("X-Linked-Etag")),
                first(size, response.header("X-Linked-Size")));
    }

    /** With what the last answer says of itself. */
    FileHeaders orOwn(Response response) {
        return new FileHeaders(
                commit,
                first(etag, response.header("ETag")),
                first(size, response.header("Content-Length")));
    }

    private static Optional<String> first(Optional<String> known, @Nullable String header) {
        return known.isPresent() ? known : Optional.ofNullable(header);
    }
}
