/** RunPod's serverless workers: jobs from its queue, answered by this server's own routes. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.runpod;
