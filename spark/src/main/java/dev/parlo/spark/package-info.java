/**
 * Archives of recordings transcribed on Apache Spark: {@link dev.parlo.spark.ArchiveTranscription}
 * from a program, {@link dev.parlo.spark.ArchiveJob} from {@code spark-submit}.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.spark;
