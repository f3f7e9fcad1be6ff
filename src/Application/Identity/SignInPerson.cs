using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Signs in by address and password.</summary>
[AllowAnonymousCaller("signing in is what gives a credential")]
[RestrictAddresses]
[LimitRate(RateClass.Conversations)]
[Refuses(typeof(SignInErrors), nameof(SignInErrors.Incorrect), nameof(SignInErrors.TooMany))]
[OmitBodiesFromAudit]
public sealed record SignInPersonCommand : IRequest<OpenedSession>
{
    /// <summary>The address, or the handle.</summary>
    /// <example>john@example.com</example>
    [Required]
    public Supplied<string> Email { get; init; }

    /// <summary>The password.</summary>
    /// <example>a-long-password-1</example>
    [Required]
    public Supplied<string> Password { get; init; }
}

internal sealed class SignInPersonValidator : PersonRules<SignInPersonCommand>
{
    public SignInPersonValidator()
    {
        RequireSomething("email", command => command.Email);
        RequireSomething("password", command => command.Password);
    }
}

internal sealed class SignInPersonHandler(SignIns signIns) : IRequestHandler<SignInPersonCommand, OpenedSession>
{
    public async Task<OpenedSession> Handle(SignInPersonCommand command, CancellationToken cancellationToken) => OpenedSession.Of(
        await signIns.ByPasswordAsync(command.Email.Value, command.Password.Value, refreshable: false, cancellationToken));
}
