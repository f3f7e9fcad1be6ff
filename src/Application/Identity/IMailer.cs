namespace AiPlatform.Application.Identity;

/// <summary>A mail in plain text.</summary>
/// <param name="To">The address.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Text">The text; it may carry a secret and is logged nowhere but where Development has no mail server.</param>
public sealed record Mail(string To, string Subject, string Text);

/// <summary>Sends mail.</summary>
public interface IMailer
{
    /// <summary>Sends a mail, or hands it to whoever sends it: a slow or absent mail server shows in the log, not to the caller.</summary>
    /// <param name="mail">The mail.</param>
    void Send(Mail mail);
}
