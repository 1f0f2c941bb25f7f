/** The protocol of whisper-asr-webservice, which Bazarr and other subtitle tools speak. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.asrwebservice;
