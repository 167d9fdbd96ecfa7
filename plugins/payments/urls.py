from django.urls import path

from plugins.payments import views

urlpatterns = [path("<str:reference>/", views.fake_card_page, name="fake_card_page")]
