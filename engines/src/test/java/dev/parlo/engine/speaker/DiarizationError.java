package dev.parlo.engine.speaker;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * How far a diarization is from the truth, as the field scores it: speech that was missed, invented
 * or given to somebody else, under the best one-to-one naming, as a part of all speech.
 *
 * @param total seconds of speech; what two people say at once counts twice
 */
record DiarizationError(double total, double missed, double falseAlarm, double confusion) {
    static DiarizationError of(List<SpeakerTurn> truth, List<SpeakerTurn> found) {
        return of(truth, found, 0, false);
    }

    /**
     * @param collar seconds around the borders of the truth's turns, on either side, that do not
     *     count
     * @param skipOverlap whether the time in which several speak does not count
     */
    static DiarizationError of(
            List<SpeakerTurn> truth, List<SpeakerTurn> found, double collar, boolean skipOverlap) {
        TreeSet<Double> borders = new TreeSet<>();
        for (List<SpeakerTurn> turns : List.of(truth, found)) {
            for (SpeakerTurn turn : turns) {
                for (double time : new double[] {turn.start(), turn.end()}) {
                    borders.add(time - collar);
                    borders.add(time);
                    borders.add(time + collar);
                }
            }
        }
        List<double[]> spans = new ArrayList<>();
        Double before = null;
        for (Double time : borders) {
            if (before != null && counts((before + time) / 2, truth, collar, skipOverlap)) {
                spans.add(new double[] {before, time});
            }
            before = time;
        }
        int[] named = naming(truth, found, spans);
        double total = 0;
        double missed = 0;
        double falseAlarm = 0;
        double confusion = 0;
        for (double[] span : spans) {
            double seconds = span[1] - span[0];
            Set<Integer> said = speaking(truth, (span[0] + span[1]) / 2);
            Set<Integer> heard = speaking(found, (span[0] + span[1]) / 2);
            int right = 0;
            for (int speaker : said) {
                right += named[speaker] >= 0 && heard.contains(named[speaker]) ? 1 : 0;
            }
            total += seconds * said.size();
            missed += seconds * Math.max(0, said.size() - heard.size());
            falseAlarm += seconds * Math.max(0, heard.size() - said.size());
            confusion += seconds * (Math.min(said.size(), heard.size()) - right);
        }
        return new DiarizationError(total, missed, falseAlarm, confusion);
    }

    private static boolean counts(
            double time, List<SpeakerTurn> truth, double collar, boolean skipOverlap) {
        for (SpeakerTurn turn : truth) {
            if (Math.abs(time - turn.start()) < collar || Math.abs(time - turn.end()) < collar) {
                return false;
            }
        }
        return !skipOverlap || speaking(truth, time).size() < 2;
    }

    private static Set<Integer> speaking(List<SpeakerTurn> turns, double time) {
        Set<Integer> speaking = new HashSet<>();
        for (SpeakerTurn turn : turns) {
            if (turn.start() <= time && time < turn.end()) {
                speaking.add(turn.speaker());
            }
        }
        return speaking;
    }

    private static int[] naming(
            List<SpeakerTurn> truth, List<SpeakerTurn> found, List<double[]> spans) {
        int rows = truth.stream().mapToInt(SpeakerTurn::speaker).max().orElse(-1) + 1;
        int columns = found.stream().mapToInt(SpeakerTurn::speaker).max().orElse(-1) + 1;
        double[][] together = new double[rows][columns];
        for (double[] span : spans) {
            double middle = (span[0] + span[1]) / 2;
            for (int said : speaking(truth, middle)) {
                for (int heard : speaking(found, middle)) {
                    together[said][heard] += span[1] - span[0];
                }
            }
        }
        return Assignment.best(together);
    }

    double rate() {
        return (missed + falseAlarm + confusion) / total;
    }
}
