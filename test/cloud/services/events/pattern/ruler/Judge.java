import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import software.amazon.event.ruler.Machine;

/** Reads lines of a pattern, a tab and an event, both JSON; answers each with `refused`, `true` or `false`. */
class Judge {
  public static void main(String[] arguments) throws Exception {
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var answers = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    for (String line; (line = lines.readLine()) != null; ) {
      var pair = line.split("\t", 2);
      answers.println(judge(pair[0], pair[1]));
    }
    answers.flush();
  }

  private static String judge(String pattern, String event) throws Exception {
    var machine = new Machine();
    try {
      machine.addRule("rule", pattern);
    } catch (IOException | RuntimeException refusal) {
      return "refused";
    }
    return String.valueOf(!machine.rulesForJSONEvent(event).isEmpty());
  }
}
