package app.gonghui.shell;

import android.app.Activity;
import android.graphics.Typeface;
import android.graphics.drawable.GradientDrawable;
import android.util.TypedValue;
import android.view.Gravity;
import android.view.View;
import android.view.ViewGroup.LayoutParams;
import android.widget.Button;
import android.widget.LinearLayout;
import android.widget.ScrollView;
import android.widget.TextView;

/** A page that the shell draws itself: a title, a text, and what can be done. */
final class Notice {
  final LinearLayout view;
  private final Activity activity;
  private final Config config;

  Notice(Activity activity, Config config, String title, String text) {
    this.activity = activity;
    this.config = config;
    view = new LinearLayout(activity);
    view.setOrientation(LinearLayout.VERTICAL);
    view.setPadding(dp(24), dp(32), dp(24), dp(16));
    view.setBackgroundColor(config.ground(activity.getResources().getConfiguration()));

    TextView head = text(title, 22);
    head.setTypeface(Typeface.DEFAULT_BOLD);
    if (android.os.Build.VERSION.SDK_INT >= 28) {
      head.setAccessibilityHeading(true);
    }
    view.addView(head);
    TextView body = text(text, 16);
    body.setLineSpacing(0, 1.4f);
    body.setPadding(0, dp(16), 0, dp(16));
    ScrollView scroll = new ScrollView(activity);
    scroll.addView(body);
    view.addView(scroll, new LinearLayout.LayoutParams(LayoutParams.MATCH_PARENT, 0, 1));
  }

  /** Adds a button; the main one bears the body's colour. */
  Notice button(String label, boolean main, View.OnClickListener act) {
    int ink = config.ink(activity.getResources().getConfiguration());
    Button b = new Button(activity);
    b.setText(label);
    b.setAllCaps(false);
    b.setTextSize(TypedValue.COMPLEX_UNIT_SP, 16);
    b.setMinHeight(dp(48));
    b.setGravity(Gravity.CENTER);
    b.setStateListAnimator(null);
    b.setOnClickListener(act);
    GradientDrawable shape = new GradientDrawable();
    shape.setCornerRadius(dp(10));
    if (main) {
      shape.setColor(config.brand());
      ink = Config.light(config.brand()) ? 0xFF1F1F1F : 0xFFFFFFFF;
    } else {
      shape.setStroke(dp(1), (ink & 0xFFFFFF) | 0x40000000);
    }
    b.setTextColor(ink);
    b.setBackground(shape);
    LinearLayout.LayoutParams place = new LinearLayout.LayoutParams(LayoutParams.MATCH_PARENT, LayoutParams.WRAP_CONTENT);
    place.topMargin = dp(12);
    view.addView(b, place);
    return this;
  }

  private TextView text(String s, int sp) {
    TextView v = new TextView(activity);
    v.setText(s);
    v.setTextSize(TypedValue.COMPLEX_UNIT_SP, sp);
    v.setTextColor(config.ink(activity.getResources().getConfiguration()));
    return v;
  }

  private int dp(int n) {
    return Math.round(n * activity.getResources().getDisplayMetrics().density);
  }
}
