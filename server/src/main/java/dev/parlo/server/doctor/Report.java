package dev.parlo.server.doctor;

import dev.parlo.server.doctor.Finding.Verdict;
import java.util.List;

/**
 * What the doctor found.
 *
 * @param version of the program
 * @param ok whether everything works
 */
public record Report(String version, boolean ok, List<Section> sections) {
    static Report of(String version, List<Section> sections) {
        boolean ok =
                sections.stream()
                        .flatMap(section -> section.findings().stream())
                        .noneMatch(finding -> finding.verdict() == Verdict.PROBLEM);
        return new Report(version, ok, List.copyOf(sections));
    }
}
