using System.Text.RegularExpressions;

namespace AiPlatform.WebApi.FunctionalTests.Support;

/// <summary>Codes that are sent to addresses; where no mail server is configured, the log shows the mail.</summary>
public static partial class EmailCodes
{
    /// <summary>The session of somebody who signed in by a code.</summary>
    public static async Task<string> SignInByCodeAsync(this Api api, TestPlatform platform, string email)
    {
        await api.PostAsync("/auth/validate-email", new { email });
        var answer = await api.PostAsync("/auth/sign-in", new { username = email, verification_code = CodeIn(platform, email) });
        Assert.That((int)answer.Status, Is.EqualTo(200), answer.Text);
        return answer["access_token"]!.GetValue<string>();
    }

    /// <summary>The last code that was sent to an address.</summary>
    public static string CodeIn(TestPlatform platform, string email)
    {
        var text = platform.Log.Text;
        return SixDigits().Match(text[text.LastIndexOf($"the mail to {email}", StringComparison.Ordinal)..]).Groups[1].Value;
    }

    [GeneratedRegex(@"code is (\d{6})")]
    private static partial Regex SixDigits();
}
