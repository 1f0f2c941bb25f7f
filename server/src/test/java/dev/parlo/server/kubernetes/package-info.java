/** The Helm chart and the plain manifests, rendered, read strictly and compared with the server. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.kubernetes;
