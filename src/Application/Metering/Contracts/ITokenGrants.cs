namespace AiPlatform.Application.Metering.Contracts;

/// <summary>Lets a changed plan act on the tokens of the current month.</summary>
public interface ITokenGrants
{
    /// <summary>
    /// Makes what the person's Tokens account is granted what the plan says now, or the limit that an administrator set in its
    /// place; never less than is held and spent. Doing so again changes nothing.
    /// </summary>
    /// <param name="userId">The person.</param>
    /// <param name="order">Who orders it and why.</param>
    /// <param name="cancellationToken">Gives up before the decision.</param>
    Task GrantPlanAsync(Guid userId, AccountOrder order, CancellationToken cancellationToken);
}
