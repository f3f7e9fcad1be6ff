using System.Net;
using System.Net.Mail;
using System.Threading.Channels;
using AiPlatform.Application.Identity;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Identity;

/// <summary>Sends mail in the background, so that how long it takes tells nobody whether an address is known.</summary>
internal sealed partial class SmtpMailer(IOptions<SmtpOptions> options, IHostEnvironment environment, ILogger<SmtpMailer> logger)
    : BackgroundService, IMailer
{
    private const int MaxWaiting = 1_000;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly Channel<Mail> _waiting = Channel.CreateBounded<Mail>(MaxWaiting);

    public void Send(Mail mail)
    {
        if (string.IsNullOrEmpty(options.Value.Host))
        {
            LogUnsent(mail);
        }
        else if (!_waiting.Writer.TryWrite(mail))
        {
            LogFull(MaxWaiting);
        }
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // What waits at shutdown is still sent: the channel is completed, and the host waits for its time-out.
        await foreach (var mail in _waiting.Reader.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                await SendAsync(mail);
            }
            catch (Exception failure) when (failure is SmtpException or OperationCanceledException or FormatException)
            {
                LogFailed(failure, options.Value.Host!, options.Value.Port);
            }
        }
    }

    private async Task SendAsync(Mail mail)
    {
        using var client = new SmtpClient(options.Value.Host, options.Value.Port) { EnableSsl = options.Value.Tls };
        if (options.Value.UserName is { Length: > 0 } user)
        {
            client.Credentials = new NetworkCredential(user, options.Value.Password);
        }

        // One address: a text with a comma in it would be read as several.
        using var message = new MailMessage(new MailAddress(options.Value.From), new MailAddress(mail.To)) { Subject = mail.Subject, Body = mail.Text };
        using var patience = new CancellationTokenSource(Longest);
        await client.SendMailAsync(message, patience.Token);
    }

    private void LogUnsent(Mail mail)
    {
        if (environment.IsDevelopment())
        {
            LogInstead(mail.To, mail.Text);
        }
        else
        {
            LogNoServer();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "There is no mail server (Smtp:Host), so here is the mail to {Address}: {Text}")]
    private partial void LogInstead(string address, string text);

    [LoggerMessage(Level = LogLevel.Error, Message = "A mail could not be sent: there is no mail server; set Smtp:Host")]
    private partial void LogNoServer();

    [LoggerMessage(Level = LogLevel.Error, Message = "A mail could not be sent by {Host}:{Port}")]
    private partial void LogFailed(Exception failure, string host, int port);

    [LoggerMessage(Level = LogLevel.Error, Message = "A mail was dropped: {Most} wait already for the mail server")]
    private partial void LogFull(int most);
}
