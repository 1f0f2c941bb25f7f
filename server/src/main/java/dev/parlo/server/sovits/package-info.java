/** The routes of GPT-SoVITS servers as EchoKit uses them. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.sovits;
