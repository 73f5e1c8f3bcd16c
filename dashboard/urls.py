"""Addresses of the dashboard."""

from django.urls import URLPattern, path

from dashboard.views import (
    application,
    group,
    group_pictures,
    group_words,
    home,
    listings,
    money,
    offers,
    orders,
)

urlpatterns: list[URLPattern] = [
    path("", home.home, name="dashboard-home"),
    path("group/", home.choose_group, name="dashboard-group"),
    path("our-group/", group.our_group, name="dashboard-our-group"),
    path("our-group/application/", application.application, name="dashboard-application"),
    path("our-group/on-behalf/", group.on_behalf, name="dashboard-on-behalf"),
    path("our-group/facts/", group_words.facts, name="dashboard-group-facts"),
    path("our-group/place/", group_words.place, name="dashboard-group-place"),
    path("our-group/story/", group_words.story, name="dashboard-story"),
    path("our-group/photos/", group_pictures.photos, name="dashboard-group-photos"),
    path("our-group/people/", group_pictures.people, name="dashboard-group-people"),
    path("our-group/people/<int:pk>/", group_pictures.person, name="dashboard-group-person"),
    path("our-group/papers/", group_pictures.papers, name="dashboard-group-papers"),
    path("our-group/papers/<int:pk>.webp", group_pictures.paper, name="dashboard-group-paper"),
    path("orders/", orders.order_list, name="dashboard-order-list"),
    path("orders/<slug:number>/", orders.order_detail, name="dashboard-order-detail"),
    path("orders/<slug:number>/accept/", orders.order_accept, name="dashboard-order-accept"),
    path("orders/<slug:number>/ship/", orders.order_ship, name="dashboard-order-ship"),
    path("orders/<slug:number>/cash/", orders.order_cash, name="dashboard-order-cash"),
    path("orders/<slug:number>/invoice.pdf", money.order_invoice, name="dashboard-order-invoice"),
    path("money/", money.money, name="dashboard-money"),
    path("money/statement/", money.money_statement, name="dashboard-statement"),
    path("money/statement.pdf", money.money_statement_pdf, name="dashboard-statement-pdf"),
    path("money/statement.csv", money.money_statement_csv, name="dashboard-statement-csv"),
    path("money/account/", money.money_account, name="dashboard-payout-account"),
    path("listings/", listings.listing_list, name="dashboard-listing-list"),
    path("listings/new/", listings.listing_create, name="dashboard-listing-create"),
    path("listings/<int:pk>/", listings.listing_detail, name="dashboard-listing-detail"),
    path("listings/<int:pk>/move/", listings.listing_move, name="dashboard-listing-move"),
    path("stock/<int:pk>/", offers.stock_change, name="dashboard-stock"),
    path("stock/<int:pk>/price/", offers.price_change, name="dashboard-price"),
]
