package dev.parlo.registry.hub;

import dev.parlo.registry.ModelId;
import okhttp3.HttpUrl;

/**
 * A file on the Hub, as its headers announce it.
 *
 * @param path in the repository
 * @param etag the name of its blob: sha256 of large files, git's blob sha1 of small ones
 * @param size in bytes
 * @param address where it is asked for; may redirect to a store elsewhere
 */
public record RemoteFile(
        ModelId id, String commit, String path, String etag, long size, HttpUrl address) {}
