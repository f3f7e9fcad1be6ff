using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Signs in by a password.</summary>
[AllowAnonymousCaller("signing in is what gives a credential")]
[LimitRate(RateClass.Credentials)]
[Refuses(typeof(SignInErrors), nameof(SignInErrors.Incorrect), nameof(SignInErrors.TooMany))]
[OmitBodiesFromAudit]
public sealed record SignInCommand : IRequest<OpenedSession>
{
    /// <summary>The address or the handle.</summary>
    /// <example>user@example.com</example>
    public Supplied<string> Username { get; init; }

    /// <summary>The address, where the client documents it under this name; the session then has a refresh token.</summary>
    public Supplied<string> Email { get; init; }

    /// <summary>The password.</summary>
    /// <example>a-long-password-1</example>
    [Required]
    public Supplied<string> Password { get; init; }

    [JsonIgnore]
    internal bool IsRefreshable => Username.IsLeftOut;

    [JsonIgnore]
    internal Supplied<string> Login => IsRefreshable ? Email : Username;
}

/// <summary>What somebody who signed in is given.</summary>
/// <param name="AccessToken">The session token (JWT).</param>
/// <param name="LifetimeSeconds">How long it is good for.</param>
/// <param name="RefreshToken">What prolongs the session, where the client keeps one.</param>
public sealed record OpenedSession(string AccessToken, int LifetimeSeconds, string? RefreshToken)
{
    internal static OpenedSession Of(SignedIn signedIn) => new(signedIn.AccessToken, signedIn.LifetimeSeconds, signedIn.RefreshToken);
}

internal sealed class SignInValidator : OrderedValidator<SignInCommand>
{
    public SignInValidator()
    {
        Require(
            command => !command.Email.IsMistyped && !command.Username.IsMistyped && command.Login is { IsGiven: true, Value.Length: > 0 } && command.Password is { IsGiven: true, Value.Length: > 0 },
            RequestErrors.Invalid("Invalid login data. Please provide username and password in either form data or JSON format."));
    }
}

internal sealed class SignInHandler(SignIns signIns) : IRequestHandler<SignInCommand, OpenedSession>
{
    public async Task<OpenedSession> Handle(SignInCommand command, CancellationToken cancellationToken) => OpenedSession.Of(
        await signIns.ByPasswordAsync(command.Login.Value, command.Password.Value, command.IsRefreshable, cancellationToken));
}
