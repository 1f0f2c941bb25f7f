package dev.parlo.server.options;

import dev.parlo.server.Setting;
import dev.parlo.server.SettingType;
import java.util.stream.Collectors;

/** The settings as a table of Markdown. */
final class SettingTable {
    private SettingTable() {}

    static String all() {
        StringBuilder table =
                new StringBuilder(
                        """
                        | variable | flag | accepted | default | meaning |
                        | --- | --- | --- | --- | --- |
                        """);
        for (Setting setting : Setting.values()) {
            String others =
                    setting.aliases().stream()
                            .map(alias -> ", `" + alias + "`")
                            .collect(Collectors.joining());
            table.append("| `")
                    .append(setting.variable())
                    .append('`')
                    .append(others)
                    .append(" | `")
                    .append(setting.flag())
                    .append("` | ")
                    .append(accepted(setting.type()))
                    .append(" | ")
                    .append(standard(setting.defaultText()))
                    .append(" | ")
                    .append(setting.sentence().replace("|", "\\|"))
                    .append(" |\n");
        }
        return table.toString();
    }

    private static String standard(String text) {
        if (text.isEmpty()) {
            return "none";
        }
        return text.contains(" ") ? text : "`" + text + "`";
    }

    private static String accepted(SettingType type) {
        return switch (type) {
            case SettingType.Whole range when range.most() >= Integer.MAX_VALUE ->
                    "from " + range.least();
            case SettingType.Whole range -> range.least() + " to " + range.most();
            case SettingType.Choice choice ->
                    choice.words().stream().collect(Collectors.joining("`, `", "`", "`"));
            case SettingType.Flag flag -> "`true`, `false`";
            case SettingType.Texts texts -> "a JSON list";
            case SettingType.Location location -> "a path";
            case SettingType.FileLocation file -> "a file";
            case SettingType.FolderLocation folder -> "a folder";
            case SettingType.Text text -> text.accepted();
        };
    }
}
