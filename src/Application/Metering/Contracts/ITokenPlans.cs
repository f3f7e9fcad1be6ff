namespace AiPlatform.Application.Metering.Contracts;

/// <summary>What a person's plan grants of the Tokens meter.</summary>
/// <param name="Name">The plan: <c>free</c>, <c>pro</c>, <c>ultra</c>.</param>
/// <param name="MonthlyTokens">Tokens a calendar month of the platform's time zone.</param>
/// <param name="IsPaid">Whether it is paid for.</param>
public sealed record TokenPlan(string Name, long MonthlyTokens, bool IsPaid);

/// <summary>Knows which plan a person has now.</summary>
public interface ITokenPlans
{
    /// <summary>The plan in force; the free one for whoever subscribed to none.</summary>
    /// <param name="userId">The person.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<TokenPlan> OfAsync(Guid userId, CancellationToken cancellationToken);
}
