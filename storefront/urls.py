"""Addresses of the storefront."""

from django.urls import URLPattern, path

from storefront.account import codes as account_codes
from storefront.account import invitations as account_invitations
from storefront.account import reach
from storefront.account import views as account
from storefront.checkout import views as checkout
from storefront.views import (
    announcements,
    basket,
    collections,
    deliver_to,
    groups,
    home,
    impact,
    language,
    listings,
    orders,
    papers,
    pictures,
    places,
    returns,
    sell,
)

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("how-it-works/", home.how_it_works, name="how-it-works"),
    path("impact/", impact.impact, name="impact"),
    path("impact/impact.csv", impact.impact_file, name="impact-file"),
    path("language/<slug:code>/", language.language, name="language"),
    path("bands/<slug:code>.svg", pictures.band, name="band"),
    path("known/<int:pk>.svg", pictures.known, name="known-picture"),
    path("place-suggestions/", places.place_suggest, name="place-suggest"),
    path("places/", places.place_list, name="place-list"),
    path("places/<slug:code>/", places.place_detail, name="place-detail"),
    path("category/<slug:slug>/", listings.category_detail, name="category-detail"),
    path("products/", listings.listing_list, name="listing-list"),
    path("products/<slug:slug>-<int:pk>/", listings.listing_detail, name="listing-detail"),
    path("preview/<int:pk>/", listings.listing_preview, name="listing-preview"),
    path("groups/", groups.vendor_list, name="vendor-list"),
    path("groups/<slug:code>/", groups.vendor_detail, name="vendor-detail"),
    path("announcements/<int:pk>/dismiss/", announcements.announcement_dismiss, name="announcement-dismiss"),
    path("collections/", collections.collection_list, name="collection-list"),
    path("collections/<slug:slug>/", collections.collection_detail, name="collection-detail"),
    path("sell/", sell.sell, name="sell"),
    path("sell/begin/", sell.sell_begin, name="sell-begin"),
    path("deliver-to/", deliver_to.deliver_to, name="deliver-to"),
    path("basket/", basket.basket, name="basket"),
    path("basket/add/", basket.basket_add, name="basket-add"),
    path("basket/lines/<int:pk>/", basket.basket_line, name="basket-line"),
    path("checkout/", checkout.address, name="checkout-address"),
    path("checkout/delivery/", checkout.delivery, name="checkout-delivery"),
    path("checkout/review/", checkout.review, name="checkout-review"),
    path("checkout/place/", checkout.place, name="checkout-place"),
    path("checkout/return/<slug:number>/", orders.order_return, name="checkout-return"),
    path("orders/find/", orders.order_find, name="order-find"),
    path("orders/received/", orders.order_received, name="order-received"),
    path("orders/<slug:number>/", orders.order_detail, name="order-detail"),
    path("orders/<slug:number>/pay/", orders.order_pay, name="order-pay"),
    path("orders/<slug:number>/journal/", orders.order_journal, name="order-journal"),
    path(
        "orders/<slug:number>/<slug:part>/received/", orders.order_part_received, name="order-part-received"
    ),
    path("orders/<slug:number>/<slug:part>/cancel/", orders.order_part_cancel, name="order-part-cancel"),
    path("orders/<slug:number>/receipt.pdf", papers.order_receipt, name="order-receipt"),
    path("orders/<slug:number>/<slug:part>/invoice.pdf", papers.order_invoice, name="order-invoice"),
    path(
        "orders/<slug:number>/<slug:part>/credit-note-<int:refund>.pdf",
        papers.order_credit_note,
        name="order-credit-note",
    ),
    path("orders/<slug:number>/<slug:part>/return/", returns.return_ask, name="order-return-ask"),
    path("orders/<slug:number>/returns/<int:pk>/", returns.return_detail, name="order-return"),
    path(
        "orders/<slug:number>/returns/<int:pk>/<int:photo>.webp",
        returns.return_photo,
        name="order-return-photo",
    ),
    path("account/", account.account_home, name="account-home"),
    path("account/reach/", reach.reach, name="account-reach"),
    path("account/login/", account.sign_in, name="account-login"),
    path("account/join/", account.join, name="account-join"),
    path("account/code/", account_codes.code, name="account-code"),
    path("account/code/again/", account_codes.code_again, name="account-code-again"),
    path("account/new/", account_codes.new_account, name="account-new"),
    path("invited/<str:token>/", account_invitations.invitation, name="invitation"),
    path("invited/<str:token>/code/", account_invitations.invitation_code, name="invitation-code"),
    path("account/password/", account_codes.password, name="account-password"),
    path("account/logout/", account.sign_out, name="account-logout"),
]
