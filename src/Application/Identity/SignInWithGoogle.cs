using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Signs in the person that Google vouches for; whoever has no account yet has one then, with a wallet.</summary>
/// <param name="Code">The authorization code.</param>
/// <param name="State">The state that Google was given.</param>
/// <param name="Declined">Why Google sends the browser back without a code; <see langword="null"/> where it does not.</param>
/// <param name="Ticket">What the browser kept since the sign-in began.</param>
[AllowAnonymousCaller("Google vouches for the caller")]
[LimitRate(RateClass.Credentials)]
[Refuses(
    typeof(GoogleErrors),
    nameof(GoogleErrors.NotConfigured),
    nameof(GoogleErrors.InvalidState),
    nameof(GoogleErrors.NoToken),
    nameof(GoogleErrors.EmailNotVerified),
    nameof(GoogleErrors.AccountUnproven),
    nameof(GoogleErrors.Inactive),
    nameof(GoogleErrors.Unreachable))]
[Refuses(typeof(RequestErrors), nameof(RequestErrors.ChangedMeanwhile))]
[OmitBodiesFromAudit]
public sealed record SignInWithGoogleCommand(Supplied<string> Code, Supplied<string> State, string? Declined, string? Ticket) : IRequest<GoogleSession>
{
    /// <summary>Longest code and state, in characters.</summary>
    public const int MaxParameterLength = 2048;

    /// <summary>What Google sends a browser back with: a code, or why there is none.</summary>
    internal Supplied<string> CodeOrReason => Declined is { } reason ? reason : Code;
}

/// <summary>A session of somebody who signed in at Google.</summary>
/// <param name="Person">The person as Google knows them.</param>
/// <param name="Session">The session.</param>
public sealed record GoogleSession(GooglePerson Person, OpenedSession Session);

internal sealed class SignInWithGoogleValidator : FieldRules<SignInWithGoogleCommand>
{
    public SignInWithGoogleValidator()
    {
        RequireField(
            "code", command => command.CodeOrReason, IsParameter, $"a string of 1 to {SignInWithGoogleCommand.MaxParameterLength} characters");
        Require(command => command.State.IsGiven && IsParameter(command.State.Value), GoogleErrors.InvalidState);
        Require(command => command.Declined is null, GoogleErrors.NoToken);
    }

    private static bool IsParameter(string text) => text.Length is > 0 and <= SignInWithGoogleCommand.MaxParameterLength;
}

internal sealed class SignInWithGoogleHandler(IGoogleSignIn google, GoogleAccounts accounts, Sessions sessions)
    : IRequestHandler<SignInWithGoogleCommand, GoogleSession>
{
    public async Task<GoogleSession> Handle(SignInWithGoogleCommand command, CancellationToken cancellationToken)
    {
        var person = await google.FinishAsync(new GoogleArrival(command.Code.Value, command.State.Value, command.Ticket), cancellationToken);
        var user = await accounts.FindOrOpenAsync(person, cancellationToken);
        if (!user.Active)
        {
            throw new RefusedException(GoogleErrors.Inactive);
        }

        await accounts.WelcomeAsync(user, person, cancellationToken);
        return new GoogleSession(person, OpenedSession.Of(await sessions.OpenAsync(user, SignInMethod.Google, refreshable: false, cancellationToken)));
    }
}
