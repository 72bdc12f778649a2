package app.gonghui.shell;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

@RunWith(RobolectricTestRunner.class)
public class WordsTest {
  /** The members of an enum in the order of their declaration, each under its own name. */
  private static <E extends Enum<E>> List<E> members(Class<E> type) throws Exception {
    List<E> out = new ArrayList<E>();
    for (Field f : type.getDeclaredFields()) {
      if (f.isEnumConstant()) {
        f.setAccessible(true);
        E member = type.cast(f.get(null));
        assertEquals(f.getName(), member.name());
        assertEquals(out.size(), member.ordinal());
        Method valueOf = type.getDeclaredMethod("valueOf", String.class);
        valueOf.setAccessible(true);
        assertEquals(f.getName(), type.cast(valueOf.invoke(null, f.getName())).name());
        out.add(member);
      }
    }
    return out;
  }

  @Test
  public void everythingIsSaidInBothLanguages() throws Exception {
    List<Words> all = members(Words.class);
    assertArrayEquals(all.toArray(), Words.values());
    for (Words w : all) {
      assertTrue(w.name(), w.in(true).matches("(?s).*\\p{IsHan}.*"));
      assertTrue(w.name(), w.in(false).matches("[A-Z][ -~]+"));
    }
  }

  @Test
  public void linksLeadFourWays() throws Exception {
    assertEquals(4, members(Links.Way.class).size());
    assertArrayEquals(members(Links.Way.class).toArray(), Links.Way.values());
    assertFalse(Links.Way.values() == Links.Way.values());
  }
}
