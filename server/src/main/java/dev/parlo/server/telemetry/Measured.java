package dev.parlo.server.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.HistogramData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.metrics.data.SummaryData;
import io.opentelemetry.sdk.metrics.data.SummaryPointData;
import io.opentelemetry.sdk.metrics.export.MetricProducer;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The figures of {@code /metrics} for OTLP, under the same names: counted once, whoever asks.
 * Everything is cumulative from the start of the server on.
 */
final class Measured implements MetricProducer {
    private static final InstrumentationScopeInfo SCOPE =
            InstrumentationScopeInfo.create("dev.parlo");

    private final Supplier<MetricSnapshots> metrics;
    private final long start;

    Measured(Supplier<MetricSnapshots> metrics, Instant start) {
        this.metrics = metrics;
        this.start = nanos(start);
    }

    @Override
    public Collection<MetricData> produce(Resource resource) {
        long now = nanos(Instant.now());
        List<MetricData> all = new ArrayList<>();
        for (MetricSnapshot snapshot : metrics.get()) {
            MetricMetadata about = snapshot.getMetadata();
            switch (snapshot) {
                case CounterSnapshot counters ->
                        all.add(
                                metric(
                                        resource,
                                        about,
                                        MetricDataType.DOUBLE_SUM,
                                        SumData.createDoubleSumData(
                                                true,
                                                AggregationTemporality.CUMULATIVE,
                                                points(counters, c -> number(c, now)))));
                case GaugeSnapshot gauges ->
                        all.add(
                                metric(
                                        resource,
                                        about,
                                        MetricDataType.DOUBLE_GAUGE,
                                        GaugeData.createDoubleGaugeData(
                                                points(gauges, g -> number(g, now)))));
                case HistogramSnapshot histograms ->
                        all.add(
                                metric(
                                        resource,
                                        about,
                                        MetricDataType.HISTOGRAM,
                                        HistogramData.create(
                                                AggregationTemporality.CUMULATIVE,
                                                points(histograms, h -> histogram(h, now)))));
                case SummarySnapshot summaries ->
                        all.add(
                                metric(
                                        resource,
                                        about,
                                        MetricDataType.SUMMARY,
                                        SummaryData.create(
                                                points(summaries, s -> summary(s, now)))));
                default -> {} // information about versions, of which there is none here
            }
        }
        return all;
    }

    private static <P> List<P> points(
            MetricSnapshot snapshot, Function<DataPointSnapshot, P> point) {
        List<P> points = new ArrayList<>();
        snapshot.getDataPoints().forEach(one -> points.add(point.apply(one)));
        return points;
    }

    private DoublePointData number(DataPointSnapshot point, long now) {
        double value =
                switch (point) {
                    case CounterSnapshot.CounterDataPointSnapshot counter -> counter.getValue();
                    case GaugeSnapshot.GaugeDataPointSnapshot gauge -> gauge.getValue();
                    default -> Double.NaN;
                };
        return DoublePointData.create(start, now, labels(point), value, List.of());
    }

    private HistogramPointData histogram(DataPointSnapshot point, long now) {
        var histogram = (HistogramSnapshot.HistogramDataPointSnapshot) point;
        ClassicHistogramBuckets buckets = histogram.getClassicBuckets();
        List<Double> bounds = new ArrayList<>();
        List<Long> counts = new ArrayList<>();
        for (int i = 0; i < buckets.size(); i++) {
            counts.add(buckets.getCount(i));
            if (i < buckets.size() - 1) { // the last one has no end, which is not told
                bounds.add(buckets.getUpperBound(i));
            }
        }
        return HistogramPointData.create(
                start, now, labels(point), histogram.getSum(), false, 0, false, 0, bounds, counts);
    }

    private SummaryPointData summary(DataPointSnapshot point, long now) {
        var summary = (SummarySnapshot.SummaryDataPointSnapshot) point;
        return SummaryPointData.create(
                start, now, labels(point), summary.getCount(), summary.getSum(), List.of());
    }

    private static Attributes labels(DataPointSnapshot point) {
        AttributesBuilder labels = Attributes.builder();
        for (Label label : point.getLabels()) {
            labels.put(label.getName(), label.getValue());
        }
        return labels.build();
    }

    private static MetricData metric(
            Resource resource, MetricMetadata about, MetricDataType type, Data<?> data) {
        String name = about.getPrometheusName();
        String help = about.getHelp() == null ? "" : about.getHelp();
        return new Metric(resource, SCOPE, name, help, unit(name), type, data);
    }

    /** As OpenTelemetry writes them, in UCUM. */
    private static String unit(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith("_seconds") ? "s" : lower.endsWith("_bytes") ? "By" : "";
    }

    private static long nanos(Instant moment) {
        return TimeUnit.SECONDS.toNanos(moment.getEpochSecond()) + moment.getNano();
    }

    private record Metric(
            Resource resource,
            InstrumentationScopeInfo scope,
            String name,
            String description,
            String unit,
            MetricDataType type,
            Data<?> data)
            implements MetricData {
        @Override
        public Resource getResource() {
            return resource;
        }

        @Override
        public InstrumentationScopeInfo getInstrumentationScopeInfo() {
            return scope;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public String getDescription() {
            return description;
        }

        @Override
        public String getUnit() {
            return unit;
        }

        @Override
        public MetricDataType getType() {
            return type;
        }

        @Override
        public Data<?> getData() {
            return data;
        }
    }
}
